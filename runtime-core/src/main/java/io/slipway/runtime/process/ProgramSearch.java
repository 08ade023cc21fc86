package io.slipway.runtime.process;

import java.util.ArrayList;
import java.util.List;

/** Where a program named on a command line may be. */
public final class ProgramSearch {
  private ProgramSearch() {}

  /**
   * Paths to try in order: the name itself if it holds a slash, else one for each entry of PATH.
   *
   * @param path value of PATH in the container; an empty entry is the working directory
   */
  public static List<String> candidates(String program, String path) {
    if (program.indexOf('/') >= 0) {
      return List.of(program);
    }
    List<String> found = new ArrayList<>();
    if (program.isEmpty() || path.isEmpty()) {
      return found;
    }
    for (String directory : path.split(":", -1)) {
      String candidate = (directory.isEmpty() ? "." : directory) + "/" + program;
      if (!found.contains(candidate)) {
        found.add(candidate);
      }
    }
    return found;
  }
}
