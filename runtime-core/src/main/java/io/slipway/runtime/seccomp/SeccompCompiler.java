package io.slipway.runtime.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compiles a profile to BPF. Per architecture the calls become runs of equal decisions, searched as
 * a binary tree over the number: about seven comparisons where a linear filter needs hundreds.
 * Loads only architecture and number on paths without conditions, so the kernel (5.11 and later)
 * can cache "always allowed" calls and skip the filter for them.
 */
public final class SeccompCompiler {
  private static final int NUMBER_OFFSET = 0;
  private static final int ARCH_OFFSET = 4;
  private static final int ENOSYS = 38;

  /** Private calls of 32-bit ARM start here, far above the common table. */
  private static final int ARM_PRIVATE = 0xf0000;

  private final KernelVersion kernel;
  private final SyscallTable table = SyscallTable.load();

  public SeccompCompiler(KernelVersion kernel) {
    this.kernel = kernel;
  }

  /**
   * Compiles for a container.
   *
   * @param caps the capabilities of its bounding set, {@code CAP_...}
   * @param arch the machine's own architecture
   */
  public BpfProgram compile(SeccompProfile profile, Set<String> caps, SeccompArch arch) {
    BpfGraph graph = new BpfGraph();
    List<SeccompRule> rules = profile.rulesFor(caps, arch, kernel);
    int entry = graph.returns(SeccompAction.SCMP_ACT_KILL.returnValue(0));
    for (SeccompArch each : architectures(profile, arch).reversed()) {
      int tree = graph.load(NUMBER_OFFSET, new Numbers(graph, profile, each).tree(rules));
      entry = graph.test(BpfInstruction.JUMP_EQUAL, each.auditArch(), tree, entry);
    }
    List<BpfInstruction> program = BpfEmitter.emit(graph, graph.load(ARCH_OFFSET, entry));
    int flags = profile.flags().stream().mapToInt(SeccompFlag::bit).reduce(0, (a, b) -> a | b);
    return new BpfProgram(program, flags);
  }

  private static List<SeccompArch> architectures(SeccompProfile profile, SeccompArch arch) {
    List<SeccompArch> all = new ArrayList<>(List.of(arch));
    profile.compatible().getOrDefault(arch, List.of()).stream()
        .filter(other -> other != arch)
        .forEach(all::add);
    return all;
  }

  /** First number of a run, and the node that decides it. */
  private record Run(int first, int node) {}

  /** The decisions of one architecture. */
  private final class Numbers {
    private final BpfGraph graph;
    private final SeccompProfile profile;
    private final SeccompArch arch;
    private final ArgTests args;
    private final int otherwise;

    Numbers(BpfGraph graph, SeccompProfile profile, SeccompArch arch) {
      this.graph = graph;
      this.profile = profile;
      this.arch = arch;
      this.args = new ArgTests(graph);
      this.otherwise = graph.returns(profile.defaultAction().returnValue(profile.defaultErrno()));
    }

    int tree(List<SeccompRule> rules) {
      List<Run> runs = runs(byNumber(rules));
      return search(runs, 0, runs.size() - 1);
    }

    private TreeMap<Integer, List<SeccompRule>> byNumber(List<SeccompRule> rules) {
      TreeMap<Integer, List<SeccompRule>> found = new TreeMap<>();
      for (SeccompRule rule : rules) {
        for (String name : rule.names()) {
          table
              .number(arch, name)
              .ifPresent(nr -> found.computeIfAbsent(nr, n -> new ArrayList<>()).add(rule));
        }
      }
      return found;
    }

    private List<Run> runs(TreeMap<Integer, List<SeccompRule>> byNumber) {
      int unknown = unknown();
      Integer lastCommon = byNumber.lowerKey(ARM_PRIVATE);
      List<Run> runs = new ArrayList<>();
      int next = 0;
      for (Map.Entry<Integer, List<SeccompRule>> call : byNumber.entrySet()) {
        if (call.getKey() > next) {
          boolean beyond = lastCommon == null || next > lastCommon;
          append(runs, next, beyond ? unknown : otherwise);
        }
        append(runs, call.getKey(), decide(call.getValue()));
        next = call.getKey() + 1;
      }
      append(runs, next, unknown);
      return runs;
    }

    private static void append(List<Run> runs, int first, int node) {
      if (runs.isEmpty() || runs.getLast().node() != node) {
        runs.add(new Run(first, node));
      }
    }

    /** Calls above the last one the profile names, x32 ones (bit 30 set) among them. */
    private int unknown() {
      return profile.defaultAction().letsPass()
          ? otherwise
          : graph.returns(SeccompAction.SCMP_ACT_ERRNO.returnValue(ENOSYS));
    }

    private int decide(List<SeccompRule> rules) {
      for (SeccompRule rule : rules) {
        if (rule.args().isEmpty()) {
          return graph.returns(rule.returnValue());
        }
      }
      int next = otherwise;
      for (SeccompRule rule : rules.reversed()) {
        next = args.rule(rule.args(), graph.returns(rule.returnValue()), next);
      }
      return next;
    }

    private int search(List<Run> runs, int from, int to) {
      if (from == to) {
        return runs.get(from).node();
      }
      int middle = (from + to + 1) >>> 1;
      return graph.test(
          BpfInstruction.JUMP_GREATER_EQUAL,
          runs.get(middle).first(),
          search(runs, middle, to),
          search(runs, from, middle - 1));
    }
  }
}
