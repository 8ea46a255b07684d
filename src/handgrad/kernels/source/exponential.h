/* exp(x) for x ≤ 0, written so that a compiler makes vectors of it. NaN gives NaN.

     x = n ln 2 + r with n whole and |r| ≤ ln 2 / 2        e^x = 2^n e^r

   n: adding 1.5 · 2^(mantissa bits) rounds x / ln 2 to a whole number and leaves it in the low bits.
   r: ln 2 is subtracted in two parts, the first so short that n times it is exact.
   e^r: its Taylor polynomial; the next term is 5e-9 of it (float), 4e-18 (double).
   2^n: by two powers whose exponents are each half of n, so that results below the smallest normal
   number come out gradually, and not as 0. */
#include <stdint.h>
#include <string.h>

static inline float power_of_two_float(float shifted) {
    uint32_t bits;
    memcpy(&bits, &shifted, 4);
    bits = (bits << 23) + 0x3f800000u;
    float power;
    memcpy(&power, &bits, 4);
    return power;
}

static inline double power_of_two_double(double shifted) {
    uint64_t bits;
    memcpy(&bits, &shifted, 8);
    bits = (bits << 52) + 0x3ff0000000000000u;
    double power;
    memcpy(&power, &bits, 8);
    return power;
}

static inline float exp_float(float x) {
    const float shift = 0x1.8p23f;
    x = x < -104.0f ? -104.0f : x; /* e^-104 is 0 */
    float n = (x * 0x1.715476p0f + shift) - shift;
    float r = x - n * 0x1.62ep-1f;    /* ln 2 to 12 bits */
    r = r - n * 0x1.0bfbe8p-15f;      /* the rest of it */
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    float half = n * 0.5f + shift;
    float rest = (n - (half - shift)) + shift;
    return p * power_of_two_float(half) * power_of_two_float(rest);
}

static inline double exp_double(double x) {
    const double shift = 0x1.8p52;
    x = x < -746.0 ? -746.0 : x;
    double n = (x * 0x1.71547652b82fep0 + shift) - shift;
    double r = x - n * 0x1.62e42feep-1;
    r = r - n * 0x1.a39ef35793c76p-33;
    double p = 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    double half = n * 0.5 + shift;
    double rest = (n - (half - shift)) + shift;
    return p * power_of_two_double(half) * power_of_two_double(rest);
}
