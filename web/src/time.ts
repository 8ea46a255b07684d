/** Moments as each language writes them. */

import type { Words } from "./language";

/** A day and a time; the year only where it is not this one. */
export function moment(iso: string, now = new Date()): Words {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return { zh: iso, en: iso };
  const isThisYear = at.getFullYear() === now.getFullYear();
  const format = (locale: string) =>
    new Intl.DateTimeFormat(locale, {
      ...(isThisYear ? {} : { year: "numeric" as const }),
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).format(at);
  return { zh: format("zh-CN"), en: format("en-GB") };
}
