package io.slipway.benchmarks.registry;

import java.nio.file.Path;

/** Starts until the first answer, of servers that end by request and by kill -9. */
final class Startups {
  private static final Scoreboard.Units TIME = new Scoreboard.Units("", "", true);

  private Startups() {}

  /** On what is in the folder; docker-registry looks at no data when it starts. */
  static void measure(Path launcher, Path folder, int rounds, Scoreboard board) throws Exception {
    for (int i = 0; i <= rounds; i++) {
      for (boolean killed : new boolean[] {false, true}) {
        String title = killed ? Goal.KILLED : Goal.START;
        try (Contender ours = Contender.slipway(launcher, folder.resolve("slipway"));
            Contender peer = Contender.distribution(folder.resolve("docker-registry"))) {
          // the first start of all reads files that nobody had in memory
          if (i > 0) {
            note(board, title, ours);
            note(board, title, peer);
          }
          if (!killed) {
            // the next start comes after this
            ours.kill();
            peer.kill();
          }
        }
      }
    }
  }

  private static void note(Scoreboard board, String title, Contender contender) {
    double perSecond = 1e3 / contender.startMillis();
    board.add(title, TIME, contender.name(), new Scoreboard.Sample(perSecond, 0));
  }
}
