/** What the page says of itself. Levels and verdicts bring their own words. */

import type { Words } from "./language";

const w = (zh: string, en: string): Words => ({ zh, en });

export const WORDS = {
  // everywhere
  tagline: w("亲手写反向传播。", "Backpropagation, by hand."),
  courseMap: w("课程地图", "Course map"),
  theOtherLanguage: w("English", "中文"),
  switchLanguage: w("Switch to English", "切换到中文"),
  theme: w("深浅主题", "Theme"),
  themeSystem: w("主题：跟随系统", "Theme: as the system"),
  themeLight: w("主题：浅色", "Theme: light"),
  themeDark: w("主题：深色", "Theme: dark"),
  signOut: w("退出", "Sign out"),
  signIn: w("登录", "Sign in"),
  join: w("加入班级", "Join the class"),
  theClass: w("班级", "Class"),
  close: w("关闭", "Close"),
  cancel: w("取消", "Cancel"),
  copy: w("复制", "Copy"),
  copied: w("已复制", "Copied"),
  notUnderstood: w(
    "服务器的回答无法理解。请稍后再试；写下的代码都还在。",
    "The server's answer could not be understood. Try again in a moment; your code is safe.",
  ),
  offline: w(
    "连不上 handgrad，正在重试。写下的代码保存在这个浏览器里，什么都不会丢。",
    "handgrad cannot be reached; trying again. Your code is kept in this browser, nothing is lost.",
  ),
  onlineAgain: w("又连上了。", "Connected again."),
  outOfDate: w(
    "handgrad 已更新。写下的代码已保存，请刷新页面。",
    "handgrad has been updated. Your code is saved; reload the page.",
  ),
  reload: w("刷新", "Reload"),
  signedOut: w(
    "登录已失效。写下的代码保存在这个浏览器里，登录后会恢复。",
    "You are signed out. Your code is kept in this browser and comes back when you sign in.",
  ),
  onlyYourOwn: w("只评测自己的代码", "Only your own code"),

  // the map
  begin: w("开始学习", "Begin"),
  goOn: w("接着学", "Go on"),
  lookAgain: w("再看看", "Look again"),
  open: w("可以开始", "Open"),
  passed: w("已通过", "Passed"),
  locked: w("未解锁", "Locked"),
  needs: w("先要通过：{levels}", "First pass: {levels}"),
  levelNumber: w("第 {number} 关", "Level {number}"),
  progress: w("{passed} / {all} 关已通过", "{passed} of {all} levels passed"),
  answersSoFar: w("提交过 {count} 次", "Submitted: {count}"),
  mapTitle: w(
    "写下反向传播，\n按一下运行，\n就知道它对不对。",
    "Write the backward pass.\nPress Run.\nKnow whether it is right.",
  ),
  mapLead: w(
    "每一关写一个 backward。答错了，会指出是哪个数组、错在哪里、是哪一种错，并给一个可以手算的反例。",
    "Each level asks for one backward pass. When it is wrong you are told which array, where, and which mistake it is, with a counterexample small enough for pencil and paper.",
  ),
  allPassed: w(
    "全部通过。从损失到输入，每一步梯度都是你亲手写的。",
    "All levels passed. From the loss to the input, you wrote every step of the gradient yourself.",
  ),

  // the level
  statement: w("讲解", "Explanation"),
  code: w("代码", "Code"),
  parts: w("这一页的三部分", "The three parts of this page"),
  result: w("结果", "Result"),
  run: w("运行", "Run"),
  running: w("评测中……", "Judging…"),
  runHint: w("运行（Ctrl+Enter）", "Run (Ctrl+Enter)"),
  editorLabel: w(
    "Python 代码编辑器。按 Esc 再按 Tab 可离开编辑器。",
    "Python code editor. Press Escape, then Tab, to leave it.",
  ),
  regionHere: w("在这里写", "Write here"),
  reset: w("恢复模板", "Reset"),
  resetAsk: w(
    "把代码恢复成模板？现在的代码会被换掉；之后可以用“撤销”找回来。",
    "Put the template back? Your code is replaced; Undo brings it back.",
  ),
  resetDo: w("恢复模板", "Put the template back"),
  resetDone: w("已恢复成模板。", "The template is back."),
  undo: w("撤销", "Undo"),
  history: w("历史", "History"),
  shortcuts: w("快捷键", "Shortcuts"),
  more: w("更多", "More"),
  vim: w("Vim 键位", "Vim keys"),
  shapesSwitch: w("显示形状", "Live shapes"),
  saved: w("已保存", "Saved"),
  typing: w("……", "…"),
  saving: w("保存中", "Saving"),
  keptHere: w("已存在本浏览器", "Kept in this browser"),
  conflictState: w("有两份草稿", "Two drafts"),
  restored: w("找回了上次没来得及保存的代码。", "What was typed last, and not yet saved, is back."),
  hints: w("提示", "Hints"),
  hintNumber: w("提示 {number}", "Hint {number}"),
  showHint: w("看第 {number} 条提示（共 {count} 条）", "Show hint {number} of {count}"),
  noMoreHints: w("提示都看过了。", "These are all the hints."),
  split: w("拖动分隔线，或用左右方向键", "Drag, or use the arrow keys, to resize"),
  conflictTitle: w("这一关在别处也改过", "This level was changed elsewhere, too"),
  conflictLead: w(
    "另一个窗口保存了不同的代码。留下哪一份？另一份不会立刻消失，可以用“撤销”找回来。",
    "Another window saved different code. Which one is to stay? The other can be brought back with Undo.",
  ),
  conflictMine: w("留下这里的", "Keep what is here"),
  conflictTheirs: w("用另一个窗口的", "Take the other window's"),
  differenceLegend: w(
    "红色只在另一个窗口里，绿色只在这里。",
    "Red is only in the other window, green only here.",
  ),
  lineGone: w("删去", "removed"),
  lineNew: w("新增", "added"),
  unsent: w(
    "连不上 handgrad，这次没有提交。代码保存在这个浏览器里；连上以后再按运行。",
    "handgrad cannot be reached, so nothing was submitted. Your code is kept in this browser; press Run again once connected.",
  ),
  stillWaiting: w("前面还有别的答案，正在排队……", "Other answers are first; yours is waiting…"),
  levelLocked: w(
    "这一关还没有解锁；可以先看看，也可以先写。先要通过：{levels}。",
    "This level is not open yet; you may read it, and try. First pass: {levels}.",
  ),
  emptyResult: w(
    "按运行（Ctrl+Enter），几十毫秒就有结果。",
    "Press Run (Ctrl+Enter): the verdict takes a few dozen milliseconds.",
  ),
  shapesHint: w(
    "停下来的时候，每一行后面会写出它的形状；把指针移上去可以看数值。",
    "When you pause, each line shows its shapes; point at them to see the values.",
  ),

  // live shapes
  shapesAt: w("第 {line} 行：{text}", "Line {line}: {text}"),
  noShapes: w("这一行没有形状可看。", "There are no shapes on this line."),
  cut: w("只显示每个轴的前几个", "only the first of each axis"),
  shapesCase: w("取自：{case}", "Taken from: {case}"),

  // the verdict
  yourLine: w("你的第 {line} 行", "Your line {line}"),
  cases: w("测试", "Cases"),
  casesHold: w("{run} 个测试全部正确", "All {run} cases are right"),
  casesFail: w("{run} 个测试中 {failed} 个未通过", "{failed} of {run} cases fail"),
  caseNumber: w("测试 {number}：{shows}", "Case {number}: {shows}"),
  holds: w("正确", "right"),
  fails: w("未通过", "fails"),
  wrongArrays: w("不对的数组：{arrays}", "Wrong: {arrays}"),
  errorMap: w("误差图", "Where it is wrong"),
  errorMapOf: w("{array} 的误差图", "Error of {array}"),
  errorMapCase: w("测试 {number}，最大误差 {error}", "Case {number}, largest error {error}"),
  errorMapShapes: w("测试 {number}：形状不同", "Case {number}: the shapes differ"),
  expectedShape: w("应为 {shape}", "expected {shape}"),
  receivedShape: w("收到 {shape}", "received {shape}"),
  legendRight: w("正确", "right"),
  legendWrong: w("误差大", "far off"),
  notFinite: w("NaN 或无穷", "NaN or infinite"),
  entryError: w("{array}[{index}]：误差 {error}", "{array}[{index}]: off by {error}"),
  computedIs: w("你算出来的是", "What you computed"),
  byHand: w("动手算一遍", "Work it by hand"),
  given: w("给定", "Given"),
  yours: w("你的 {array}", "your {array}"),
  right: w("正确的 {array}", "the right {array}"),
  asGiven: w("传入的 {array}", "{array} as given"),
  afterwards: w("之后的 {array}", "{array} afterwards"),
  neverSet: w("（没有）", "(never set)"),
  copyScript: w("复制脚本", "Copy as a script"),
  scriptTitle: w(
    "只需要 NumPy：python counterexample.py answer.py",
    "Needs NumPy alone: python counterexample.py answer.py",
  ),
  printed: w("你的代码打印了", "Your code printed"),
  warnings: w("提醒（不影响通过）", "Worth knowing (it still passes)"),
  milliseconds: w("{time} 毫秒", "{time} ms"),
  excludes: w(
    "已知的 {known} 种错误，这些测试会抓住 {exposed} 种。",
    "Of {known} known mistakes, these cases would have caught {exposed}.",
  ),
  levelPassed: w("这一关通过了！", "Level passed!"),
  wellDone: w(
    "梯度从损失一路流回了输入，每个数都对。",
    "The gradient flows all the way back, and every number is right.",
  ),
  nextLevel: w("下一关：{title}", "Next: {title}"),
  backToMap: w("回到课程地图", "Back to the map"),
  partPassed: w("{passed} / {all} 个类通过", "{passed} of {all} classes pass"),
  announcePass: w("{name} 通过。", "{name} passes."),
  seed: w("随机种子 {seed}", "Seed {seed}"),
  matrixOf: w("{name}，形状 {shape}", "{name}, shape {shape}"),

  // history
  historyTitle: w("提交过的答案", "Your answers"),
  historyEmpty: w("还没有提交过。", "Nothing submitted yet."),
  compareWith: w("与当前代码比较", "Compare with the code now"),
  compareBefore: w("与前一次比较", "Compare with the one before"),
  putBack: w("放回编辑器", "Put into the editor"),
  putBackDone: w("已放回编辑器。", "It is in the editor."),
  olderOnes: w("更早的", "Older ones"),
  noDifference: w("两份代码相同。", "They are the same."),
  seeVerdict: w("结果", "Verdict"),
  seeCode: w("代码", "Code"),
  waitingState: w("排队中", "waiting"),
  judgingState: w("评测中", "judging"),

  // people
  name: w("名字", "Name"),
  password: w("密码", "Password"),
  passwordAgain: w("再输一次密码", "Password again"),
  passwordsDiffer: w("两次输入的密码不同。", "The two passwords differ."),
  passwordRule: w("至少 8 个字符。", "At least 8 characters."),
  code_: w("邀请码", "Invitation code"),
  signInLead: w(
    "还没有名字？向老师要一个邀请码。",
    "No name yet? Ask your teacher for an invitation.",
  ),
  haveName: w("已经有名字了？登录", "You have a name already? Sign in"),
  haveCode: w("有邀请码？加入班级", "You have an invitation? Join the class"),
  learners: w("学生", "Learners"),
  learnersCount: w("{count} 人", "{count}"),
  invitations: w("邀请码", "Invitations"),
  newInvitation: w("新的邀请码", "New invitation"),
  noInvitations: w("还没有邀请码。", "There are no invitations yet."),
  noLearners: w("还没有学生。把邀请链接发给他们。", "No learners yet. Send them an invitation."),
  copyLink: w("复制链接", "Copy the link"),
  usesLeft: w("还可用 {count} 次", "{count} uses left"),
  expires: w("{when} 到期", "until {when}"),
  resetPassword: w("重设密码", "Reset password"),
  resetPasswordAsk: w(
    "给 {name} 一个新密码？旧密码立刻失效。",
    "Give {name} a new password? The old one stops working at once.",
  ),
  newPassword: w(
    "{name} 的新密码。请当面告诉本人；关掉以后不会再显示。",
    "{name}'s new password. Hand it over in person; it is not shown again.",
  ),
  remove: w("移除", "Remove"),
  removeAsk: w(
    "把 {name} 移出班级？{name} 的答案、草稿和进度会一起删除，无法恢复。",
    "Remove {name} from the class? The answers, drafts and progress of {name} are deleted for good.",
  ),
  teacher: w("老师", "teacher"),
  lastSeen: w("最近来过", "Last here"),
  answers: w("提交", "Answers"),
  actions: w("操作", "Actions"),
  level: w("关卡", "Level"),
  notHere: w("这里没有这一页", "There is no such page"),
} satisfies Record<string, Words>;

export const VERDICTS: Record<string, Words> = {
  pass: w("通过", "pass"),
  wrong: w("答案错误", "wrong"),
  error: w("出错", "error"),
  forbidden: w("不允许的操作", "forbidden"),
  "time-limit": w("超时", "time limit"),
  "memory-limit": w("内存超限", "memory limit"),
  "output-limit": w("输出超限", "output limit"),
  "judge-error": w("评测系统出错", "judge error"),
};

export const KINDS: Record<string, Words> = {
  "syntax-error": w("语法错误", "syntax error"),
  "encoding-error": w("编码错误", "encoding error"),
  "missing-class": w("缺少类", "missing class"),
  "missing-method": w("缺少方法", "missing method"),
  "bad-signature": w("参数不对", "bad signature"),
  "import-error": w("导入错误", "import error"),
  exception: w("抛出异常", "exception"),
  exited: w("程序提前结束", "exited"),
  unanswered: w("未作答", "unanswered"),
};

export const LAYOUTS: Record<string, Words> = {
  "column-major": w("按列存储", "column-major"),
  reversed: w("反向的视图", "a reversed view"),
  strided: w("内存中不连续", "not contiguous"),
};

export const WARNINGS: Record<string, Words> = {
  "dout-changed": w(
    "backward 改写了调用者的 dout；调用者再用到 dout 就会出错。",
    "backward wrote into the caller's dout: callers that use it again will be wrong.",
  ),
  "output-changed": w(
    "backward 改写了 forward 返回的数组。",
    "backward overwrote the array that forward returned.",
  ),
  "second-backward-differs": w(
    "不重新 forward 就再调用一次 backward，结果不同，或者出错。",
    "A second backward without a new forward gives something else, or raises.",
  ),
  "not-finite-at-extremes": w(
    "|x| 有几百时会出现 NaN、无穷或很大的误差。",
    "Where |x| is in the hundreds there is NaN, infinity or a large error.",
  ),
  "overflow-warning": w(
    "你的某一行让 NumPy 发出警告；结果是对的。",
    "One of your lines made NumPy warn; the result is right.",
  ),
  slow: w(
    "结果对，但比数组运算慢 20 倍以上：有逐个元素的 Python 循环。",
    "Right, and over 20 times slower than array arithmetic: a Python loop over entries.",
  ),
  numerical: w(
    "backward 用移动过的输入去调用 forward：误差在 1e-5 以内，但这不是反向传播。",
    "backward calls forward with shifted numbers: right to 1e-5, and not backpropagation.",
  ),
};
