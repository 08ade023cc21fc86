package io.slipway.runtime.seccomp;

import java.util.List;
import java.util.Objects;

/**
 * One entry of a profile: these calls, under these conditions, get this action.
 *
 * @param names system calls; names an architecture does not have are passed over
 * @param action what happens
 * @param errno the error number of ERRNO, or the message of TRACE
 * @param args all must hold; empty means always. Conditions on one argument are alternatives
 * @param includes when the rule takes part
 * @param excludes when it does not
 */
public record SeccompRule(
    List<String> names,
    SeccompAction action,
    int errno,
    List<ArgCondition> args,
    RuleFilter includes,
    RuleFilter excludes) {

  public SeccompRule {
    names = List.copyOf(names);
    Objects.requireNonNull(action, "action");
    args = List.copyOf(args);
    Objects.requireNonNull(includes, "includes");
    Objects.requireNonNull(excludes, "excludes");
  }

  int returnValue() {
    return action.returnValue(errno);
  }
}
