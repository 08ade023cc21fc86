package io.slipway.runtime.process;

import io.slipway.runtime.linux.SystemCall;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A list of system calls with names and branches: what the kernel will be asked, in order, before
 * any of it is asked. Prints as text for golden tests and for people.
 *
 * @param calls in memory order; the run begins at the first one
 */
public record SyscallProgram(List<Call> calls) {
  /** Branch target: the run ends and control returns to Java. */
  static final int RETURN = -1;

  public SyscallProgram {
    calls = List.copyOf(calls);
  }

  /**
   * One call and where to go on after it.
   *
   * @param section printed as a heading if it differs from the call before
   * @param step what it is for, as an error message names it
   * @param result where the result goes, null if nowhere
   * @param onPositive index of the next call, {@link #RETURN} to end
   * @param fatal whether a negative result means that the whole program failed
   */
  record Call(
      String section,
      String step,
      SystemCall number,
      List<Arg> args,
      Arg.Slot result,
      int onPositive,
      int onZero,
      int onNegative,
      boolean fatal) {
    Call {
      args = List.copyOf(args);
      if (args.size() > 6) {
        throw new IllegalArgumentException(step + ": a system call takes six arguments");
      }
    }
  }

  /** The program as text, one call a line, under its section headings. */
  public String print() {
    StringBuilder out = new StringBuilder();
    String section = "";
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      if (!call.section().equals(section)) {
        section = call.section();
        out.append(section).append(":\n");
      }
      out.append(String.format("%4d  %-28s ", i, call.step()));
      if (call.result() != null) {
        out.append(call.result()).append(" = ");
      }
      out.append(call.number().label())
          .append(
              call.args().stream().map(Arg::toString).collect(Collectors.joining(", ", "(", ")")))
          .append(branches(i, call))
          .append('\n');
    }
    return out.toString();
  }

  private static String branches(int index, Call call) {
    StringBuilder out = new StringBuilder();
    if (call.onPositive() != index + 1) {
      out.append("  ok->").append(target(call.onPositive()));
    }
    if (call.onZero() != call.onPositive()) {
      out.append("  zero->").append(target(call.onZero()));
    }
    if (!call.fatal()) {
      out.append(
          call.onNegative() == index + 1 ? "  may fail" : "  error->" + target(call.onNegative()));
    }
    return out.toString();
  }

  private static String target(int index) {
    return index == RETURN ? "return" : Integer.toString(index);
  }
}
