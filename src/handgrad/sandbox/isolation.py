"""How strongly answers are isolated on this machine, what that allows, and how to get more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from handgrad.languages import Text

STRANGERS_LEVEL = 2
"""Below this level, only the user's own code may be judged."""

NEEDED_AT_LEVEL_2 = ("privileges", "landlock", "resource-limits", "seccomp")

LABELS = {
    "empty-root": Text(zh="空的根目录", en="empty root"),
    "network": Text(zh="独立的网络", en="separate network"),
    "processes": Text(zh="独立的进程表", en="separate process table"),
    "ipc": Text(zh="独立的进程间通信", en="separate interprocess communication"),
    "privileges": Text(zh="放弃权限", en="privileges dropped"),
    "landlock": Text(zh="Landlock（文件、信号）", en="Landlock (files, signals)"),
    "resource-limits": Text(zh="资源上限", en="resource limits"),
    "seccomp": Text(zh="seccomp（系统调用白名单）", en="seccomp (allow-list of system calls)"),
}
"""The label of each layer, in the order in which they are shown."""


@dataclass(frozen=True)
class IsolationLayer:
    """One isolation layer, as the probe found it.

    Attributes:
        name: its name in `handgrad.sandbox.child.isolation`.
        failure: None when it refused every forbidden act; else what went wrong.
    """

    name: str
    failure: str | None

    @property
    def holds(self) -> bool:
        """Whether it refused every forbidden act."""
        return self.failure is None

    @property
    def label(self) -> Text:
        """Its name for people."""
        return LABELS[self.name]


@dataclass(frozen=True)
class Isolation:
    """How answers are isolated from the machine.

    Attributes:
        level: 1: a process of its own, limits, a kill timer; 2: the kernel's layers without
            namespaces; 3: all of them. 0: no process could be started.
        reason: why it is this level.
        remedy: what to do for a higher one, or what to keep in mind.
        layers: every layer of the kernel that was tried.
    """

    level: int
    reason: Text
    remedy: Text
    layers: tuple[IsolationLayer, ...] = ()


ONLY_A_PROCESS = Isolation(
    level=1,
    reason=Text(
        zh="每份答案在自己的进程里运行，有时间、内存和输出限制；文件、网络和新进程由 Python 的审计钩子拒绝，"
        "这能防住失误，防不住存心的攻击。",
        en="Every answer runs in a process of its own with limits on time, memory and output. Files, "
        "the network and new processes are refused by Python's audit hooks, which stops accidents "
        "and does not stop an attacker.",
    ),
    remedy=Text(
        zh="只评测自己的代码。要评测别人的代码，请在 Linux（5.13 或更新）上运行，例如 WSL2、虚拟机或服务器。",
        en="Judge only your own code. To judge other people's, run handgrad on Linux (5.13 or "
        "newer), for example in WSL2, in a virtual machine or on a server.",
    ),
)
NOT_RUNNING = Isolation(
    level=0,
    reason=Text(zh="评测进程没能启动。", en="The judge's process could not be started."),
    remedy=Text(zh="请看上面的「评测」一行。", en="See the line “judge” above."),
)

LEVEL_3_REASON = Text(
    zh="每份答案都由内核的全部隔离层隔开：没有文件、没有网络、看不到别的进程，只剩计算所需的系统调用。"
    "每一层都在启动时用被禁止的操作试过。",
    en="Every answer is isolated by all layers of the kernel: no files, no network, no other process, only "
    "the system calls that computing needs. Each layer was tested at the start with forbidden operations.",
)
LEVEL_3_REMEDY = Text(
    zh="可以评测别人的代码。不保证的：内核漏洞与旁路信道，见 docs/guide/isolation.zh.md。",
    en="Other people's code may be judged. What is not covered (kernel bugs, side channels): "
    "docs/guide/isolation.md.",
)
LEVEL_2_REASON = Text(
    zh="Landlock、seccomp、资源上限和放弃权限都有效；这台机器不让普通进程建立命名空间。",
    en="Landlock, seccomp, resource limits and dropped privileges work; this machine does not let "
    "a process create namespaces of its own.",
)
LEVEL_1_REASON = Text(
    zh="内核的隔离层不够：{layers}。其余的隔离层仍然有效，但防不住存心的攻击。",
    en="Too few isolation layers of the kernel work here; missing: {layers}. The others are in use, but "
    "do not stop an attacker.",
)
NEWER_KERNEL = Text(
    zh="只评测自己的代码。评测别人的代码需要 Linux 5.13 或更新、开启了 Landlock 和 seccomp 的内核"
    "（启动参数 lsm= 中要有 landlock），处理器为 x86-64 或 64 位 Arm。",
    en="Judge only your own code. To judge other people's, a kernel from Linux 5.13 on with Landlock "
    "and seccomp is needed (landlock must be listed in the boot option lsm=), on x86-64 or 64-bit "
    "Arm.",
)
APPARMOR = Text(
    zh="Ubuntu 的 AppArmor 限制了普通程序的用户命名空间。给 handgrad 一个自己的、有名字的 AppArmor 配置"
    "（用 aa-exec -p handgrad 或 systemd 的 AppArmorProfile=handgrad 启动）；不要把配置挂在公用的 python3 上，"
    "那会放开所有 Python 程序。步骤见 docs/guide/isolation.zh.md。",
    en="Ubuntu's AppArmor restricts user namespaces. Give handgrad a named AppArmor profile of its own "
    "(started through `aa-exec -p handgrad`, or a systemd unit with AppArmorProfile=handgrad); do not "
    "attach one to the shared python3, which would free every Python program. The steps are in "
    "docs/guide/isolation.md.",
)
CONTAINER = Text(
    zh="这像是一个容器，它的默认 seccomp 配置不让建立命名空间。可以给容器一个允许 unshare、mount 和 pivot_root "
    "的 seccomp 配置（不要用 --privileged），或直接在宿主机上运行。步骤见 docs/guide/isolation.zh.md。",
    en="This looks like a container, whose default seccomp profile refuses namespaces. Give it a profile "
    "that allows unshare, mount and pivot_root (not --privileged), or run on the host itself. The "
    "steps are in docs/guide/isolation.md.",
)
SYSCTL = Text(
    zh="系统设置关闭了用户命名空间。管理员可以运行：sysctl -w {setting}",
    en="A system setting switches user namespaces off. An administrator can run: sysctl -w {setting}",
)
ASK = Text(
    zh="内核拒绝的步骤是：{step}。步骤见 docs/guide/isolation.zh.md。",
    en="The kernel refused this step: {step}. See docs/guide/isolation.md.",
)


def too_weak(isolation: Isolation, wanted: int) -> Text:
    """Why nothing is judged when a higher level is required, and what to do."""
    return Text(
        zh="要求的隔离级别是 {wanted}，这台机器只有 {level} 级，所以没有评测。{reason} {remedy}",
        en="Isolation level {wanted} is required and this machine has level {level}, so nothing was "
        "judged. {reason} {remedy}",
    ).format(wanted=wanted, level=isolation.level, reason=isolation.reason, remedy=isolation.remedy)


def isolation_from(failures: dict[str, str | None]) -> Isolation:
    """The isolation that layers give. `failures`: for each layer None when it holds, else what went wrong."""
    layers = tuple(IsolationLayer(name, failures.get(name, "not tried")) for name in LABELS)
    missing = [layer for layer in layers if not layer.holds]
    if not missing:
        return Isolation(3, LEVEL_3_REASON, LEVEL_3_REMEDY, layers)
    lacking = [layer for layer in missing if layer.name in NEEDED_AT_LEVEL_2]
    if not lacking:
        return Isolation(2, LEVEL_2_REASON, remedy_for_namespaces(missing[0].failure or ""), layers)
    named = Text(
        zh="、".join(layer.label.zh for layer in lacking) + "无效",
        en=", ".join(layer.label.en for layer in lacking),
    )
    reason = LEVEL_1_REASON.format(layers=named)
    return Isolation(1, reason, NEWER_KERNEL, layers)


def remedy_for_namespaces(failure: str, setting: Callable[[str], str | None] | None = None) -> Text:
    """How to allow namespaces, judging by this machine's settings.

    `setting` reads a system file; None when it does not exist.
    """
    read = setting or _setting
    if read("/proc/sys/user/max_user_namespaces") == "0":
        return SYSCTL.format(setting="user.max_user_namespaces=15000")
    if read("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return SYSCTL.format(setting="kernel.unprivileged_userns_clone=1")
    if read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return APPARMOR
    if read("/.dockerenv") is not None or read("/run/.containerenv") is not None:
        return CONTAINER
    return ASK.format(step=failure)


def _setting(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
