package io.slipway.builder.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.builder.error.StepFailedException;
import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.graph.NetworkMode;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.SerialListener;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SolverTest {
  private static final Vertex BASE =
      Vertex.of(
          Op.ImageSource.scratch(new Platform("linux", "amd64")),
          List.of(),
          StepInfo.internal("base"));

  private final FakeRunner.Kept kept = new FakeRunner.Kept();
  private final MemoryIndex index = new MemoryIndex();
  private final Solver solver = new Solver(index);

  static Vertex run(String name, Vertex on) {
    return run(name, on, false);
  }

  static Vertex run(String name, Vertex on, boolean ignoreCache) {
    var exec =
        new Exec(
            List.of(name),
            List.of(),
            "/",
            "",
            NetworkMode.DEFAULT,
            false,
            Exec.DEFAULT_HOSTNAME,
            List.of(),
            Exec.Hints.NONE);
    return Vertex.of(exec, List.of(on), new StepInfo(name, name, Optional.empty(), ignoreCache));
  }

  static Vertex copy(String path, Vertex from, Vertex to) {
    var action =
        new FileAction.Copy(
            1, path, true, "/", Optional.empty(), Optional.empty(), false, List.of());
    return Vertex.of(
        new FileActions(List.of(action)), List.of(to, from), StepInfo.internal("copy " + path));
  }

  static Vertex context() {
    return Vertex.of(
        new Op.LocalSource(Op.LocalSource.MAIN), List.of(), StepInfo.internal("context"));
  }

  private List<String> solve(Vertex target) {
    var runner = new FakeRunner(kept);
    solver.prepare(target, runner, BuildListener.SILENT).run();
    return List.copyOf(runner.ran);
  }

  @Test
  void runsOnceAndThenNothing() {
    Vertex target = run("two", run("one", BASE));
    assertThat(solve(target)).containsExactly("one", "two");
    assertThat(solve(target)).isEmpty();
  }

  @Test
  void looksUpBeforeRunningInputs() {
    Vertex target = run("two", run("one", BASE));
    solve(target);
    kept.results.values().removeIf(result -> maker(result).equals("one"));
    assertThat(solve(target)).isEmpty();
    assertThat(solve(run("three", target))).containsExactly("three");
  }

  private static CompletableFuture<Void> start(Runnable work) {
    return CompletableFuture.runAsync(work, Thread::startVirtualThread);
  }

  private String maker(Result result) {
    return kept.makers.get(((Result.Tree) result).snapshot().orElseThrow());
  }

  @Test
  void aChangedStepInvalidatesThoseAfterIt() {
    solve(run("two", run("one", BASE)));
    assertThat(solve(run("two", run("changed", BASE)))).containsExactly("changed", "two");
  }

  @Test
  void copiesAreKnownByContent() {
    kept.contents.put("context/f", "content");
    solve(run("after", copy("/f", context(), BASE)));
    assertThat(solve(run("after", copy("/f", context(), BASE)))).isEmpty();
    kept.contents.put("context/f", "changed");
    assertThat(solve(run("after", copy("/f", context(), BASE))))
        .containsExactly("copy /f", "after");
  }

  @Test
  void aStageThatMakesTheSameFileAgainKeepsItsCopies() {
    kept.contents.put("build v1/f", "same");
    kept.contents.put("build v2/f", "same");
    kept.contents.put("build v3/f", "other");
    solve(run("after", copy("/f", run("build v1", BASE), BASE)));
    assertThat(solve(run("after", copy("/f", run("build v2", BASE), BASE))))
        .containsExactly("build v2");
    assertThat(solve(run("after", copy("/f", run("build v3", BASE), BASE))))
        .containsExactly("build v3", "copy /f", "after");
  }

  @Test
  void aKnownCopyDoesNotNeedItsStage() {
    Vertex target = copy("/f", run("build", BASE), BASE);
    solve(target);
    kept.results.values().removeIf(result -> maker(result).equals("build"));
    assertThat(solve(target)).isEmpty();
  }

  @Test
  void ignoringTheCacheMakesANewResultForLaterBuilds() {
    Vertex usual = run("two", run("one", BASE));
    solve(usual);
    Vertex fresh = run("two", run("one", BASE, true), true);
    assertThat(solve(fresh)).containsExactly("one", "two");
    assertThat(solve(usual)).isEmpty();
    assertThat(solve(run("three", usual))).containsExactly("three");
    // what only the old result led to is not used any more
    assertThat(solve(run("two", run("one", BASE, true)))).containsExactly("one", "two");
  }

  @Test
  void ignoringTheCacheOfAStageIsSeenByItsCopies() {
    kept.contents.put("build/f", "first");
    Vertex usual = copy("/f", run("build", BASE), BASE);
    solve(usual);
    kept.contents.put("build/f", "second");
    assertThat(solve(copy("/f", run("build", BASE, true), BASE)))
        .containsExactly("build", "copy /f");
    assertThat(solve(usual)).isEmpty();
  }

  @Test
  void remembersOfWhatAKeyWasMade() {
    solve(run("two", run("one", BASE)));
    assertThat(index.lastIn("two").orElseThrow().parts())
        .anyMatch(part -> part.name().equals("argument.0") && part.value().equals("two"))
        .anyMatch(part -> part.name().equals("input.0"));
  }

  @Test
  void independentStepsRunBesideEachOther() {
    var both = new CountDownLatch(2);
    var runner =
        new FakeRunner(kept) {
          @Override
          void work(Vertex vertex) throws InterruptedException {
            if (vertex.info().name().startsWith("side")) {
              both.countDown();
              assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
            }
          }
        };
    Vertex one = run("side one", BASE);
    Vertex two = run("side two", BASE);
    kept.contents.put("side one/f", "x");
    Vertex target = copy("/f", one, run("top", copy("/g", two, BASE)));
    solver.prepare(target, runner, BuildListener.SILENT).run();
    assertThat(runner.ran).hasSize(5);
  }

  @Test
  void equalStepsOfTwoBuildsRunOnceAndBothSeeTheOutput() throws Exception {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var runs = new AtomicInteger();
    Vertex target = run("shared", BASE);
    var logs = List.of(new ArrayList<String>(), new ArrayList<String>());
    var builds = new ArrayList<CompletableFuture<Void>>();
    for (List<String> log : logs) {
      var runner =
          new FakeRunner(kept) {
            @Override
            void work(Vertex vertex) throws InterruptedException {
              runs.incrementAndGet();
              entered.countDown();
              go.await();
            }
          };
      var listening = new CountDownLatch(1);
      BuildListener listener =
          new SerialListener(event -> {
            if (event instanceof BuildEvent.Log line) {
              log.add(line.data().text());
            } else if (event instanceof BuildEvent.Started) {
              listening.countDown();
            }
          });
      builds.add(start(() -> solver.prepare(target, runner, listener).run()));
      listening.await();
      entered.await();
    }
    Thread.sleep(50);
    go.countDown();
    for (CompletableFuture<Void> build : builds) {
      build.join();
    }
    assertThat(runs).hasValue(1);
    assertThat(logs).allSatisfy(log -> assertThat(log).containsExactly("from shared"));
  }

  @Test
  void aCancelledBuildHandsItsStepToTheOneThatWaits() throws Exception {
    var entered = new CountDownLatch(1);
    var first =
        new FakeRunner(kept) {
          @Override
          void work(Vertex vertex) throws InterruptedException {
            entered.countDown();
            Thread.sleep(60_000);
          }
        };
    var second = new FakeRunner(kept);
    Vertex target = run("shared", BASE);
    Solution one = solver.prepare(target, first, BuildListener.SILENT);
    var running = start(one::run);
    entered.await();
    var waiting = start(() -> solver.prepare(target, second, BuildListener.SILENT).run());
    Thread.sleep(50);
    one.cancel();
    waiting.join();
    assertThat(second.ran).containsExactly("shared");
    assertThatThrownBy(running::join)
        .hasCauseInstanceOf(SlipwayException.class)
        .hasMessageContaining("cancelled");
  }

  @Test
  void theFirstFailureEndsEverythingAndIsTold() {
    var interrupted = new AtomicInteger();
    var slowStarted = new CountDownLatch(1);
    var runner =
        new FakeRunner(kept) {
          @Override
          void work(Vertex vertex) throws InterruptedException {
            if (vertex.info().name().equals("fails")) {
              slowStarted.await();
              throw new StepFailedException("exit 7", 7, "", Optional.empty());
            }
            if (vertex.info().name().equals("slow")) {
              slowStarted.countDown();
              try {
                Thread.sleep(60_000);
              } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
              }
            }
          }
        };
    var events = new ArrayList<BuildEvent>();
    Vertex target = copy("/f", run("slow", BASE), run("fails", BASE));
    assertThatThrownBy(() -> solver.prepare(target, runner, new SerialListener(events::add)).run())
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("exit code: 7");
    assertThat(interrupted).hasValue(1);
    assertThat(events).filteredOn(BuildEvent.Failed.class::isInstance).hasSize(1);
    assertThat(events).filteredOn(BuildEvent.Cancelled.class::isInstance).hasSize(1);
  }

  @Test
  void aBuildCancelledBeforeItRunsDoesNothing() {
    var runner = new FakeRunner(kept);
    Solution solution = solver.prepare(run("one", BASE), runner, BuildListener.SILENT);
    solution.cancel();
    assertThatThrownBy(solution::run)
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
    assertThat(runner.ran).isEmpty();
  }

  @Test
  void tellsWhatIsCachedFromTheBeginning() {
    Vertex target = run("two", run("one", BASE));
    solve(target);
    var events = new ArrayList<BuildEvent>();
    var solved =
        solver.prepare(target, new FakeRunner(kept), new SerialListener(events::add)).run();
    assertThat(solved.cached()).isEqualTo(2);
    assertThat(solved.ran()).isZero();
    assertThat(events)
        .extracting(event -> ((BuildEvent.Cached) event).name())
        .containsExactly("one", "two");
  }
}
