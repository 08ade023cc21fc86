package io.slipway.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.model.Config;
import io.slipway.engine.state.Health;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthPlanTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private static HealthPlan plan(String check) throws IOException {
    Config config = TestRecords.json("{'Healthcheck':" + check + "}", Config.class);
    HealthPlan.check(config.healthcheck());
    return HealthPlan.of(config).orElseThrow();
  }

  private static Health.Result result(int exitCode, int afterSeconds) {
    Instant start = START.plusSeconds(afterSeconds);
    return new Health.Result(start, start.plusMillis(5), exitCode, "");
  }

  @Test
  void fillsInDockersDefaults() throws IOException {
    HealthPlan plan = plan("{'Test':['CMD','check','it']}");
    assertThat(plan.command()).containsExactly("check", "it");
    assertThat(plan.interval()).hasSeconds(30);
    assertThat(plan.timeout()).hasSeconds(30);
    assertThat(plan.startPeriod()).isZero();
    assertThat(plan.startInterval()).hasSeconds(5);
    assertThat(plan.retries()).isEqualTo(3);
    assertThat(plan("{'Test':['CMD-SHELL','a | b']}").command())
        .containsExactly("/bin/sh", "-c", "a | b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {"null", "{}", "{'Test':[]}", "{'Test':['NONE']}"})
  void checksNothing(String check) throws IOException {
    assertThat(HealthPlan.of(TestRecords.json("{'Healthcheck':" + check + "}", Config.class)))
        .isEmpty();
  }

  @Test
  void takesTheImagesShell() throws IOException {
    Config config =
        TestRecords.json(
            "{'Shell':['/bin/bash','-ec'],'Healthcheck':{'Test':['CMD-SHELL','x']}}", Config.class);
    assertThat(HealthPlan.of(config).orElseThrow().command())
        .containsExactly("/bin/bash", "-ec", "x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'Interval':999999}|Interval in Healthcheck cannot be less than 1ms",
        "{'Timeout':-1}|Timeout in Healthcheck cannot be less than 1ms",
        "{'StartPeriod':1}|StartPeriod in Healthcheck cannot be less than 1ms",
        "{'StartInterval':1}|StartInterval in Healthcheck cannot be less than 1ms",
        "{'Retries':-1}|Retries in Healthcheck cannot be negative",
        "{'Test':['CMD']}|Test in Healthcheck names no command after CMD",
        "{'Test':['HTTP','x']}|unknown type 'HTTP' of Healthcheck"
      })
  void refuses(String check, String message) {
    assertThatThrownBy(() -> plan(check)).hasMessageContaining(message);
  }

  @Test
  void becomesUnhealthyAfterSoManyFailuresInARow() throws IOException {
    HealthPlan plan = plan("{'Test':['CMD','x'],'Retries':2}");
    Health health = plan.after(Health.NEW, START, result(1, 1));
    assertThat(health.status()).isEqualTo(Health.Status.STARTING);
    health = plan.after(health, START, result(0, 2));
    assertThat(health.status()).isEqualTo(Health.Status.HEALTHY);
    health = plan.after(plan.after(health, START, result(1, 3)), START, result(-1, 4));
    assertThat(health.status()).isEqualTo(Health.Status.UNHEALTHY);
    assertThat(health.failingStreak()).isEqualTo(2);
    for (int i = 5; i < 20; i++) {
      health = plan.after(health, START, result(i, i));
    }
    assertThat(health.failingStreak()).isEqualTo(17);
    assertThat(health.log().stream().map(Health.Result::exitCode))
        .containsExactly(15, 16, 17, 18, 19);
  }

  @Test
  void excusesFailuresWhileItStarts() throws IOException {
    HealthPlan plan =
        plan(
            "{'Test':['CMD','x'],'Retries':1,'StartPeriod':10000000000,'StartInterval':200000000}");
    Health health = plan.after(Health.NEW, START, result(1, 9));
    assertThat(health.status()).isEqualTo(Health.Status.STARTING);
    assertThat(health.failingStreak()).isZero();
    assertThat(plan.pause(health.status(), Duration.ofSeconds(9))).hasMillis(200);
    assertThat(plan.pause(health.status(), Duration.ofSeconds(10))).hasSeconds(30);
    assertThat(plan.pause(Health.Status.HEALTHY, Duration.ofSeconds(1))).hasSeconds(30);
    assertThat(plan.after(health, START, result(1, 10)).status())
        .isEqualTo(Health.Status.UNHEALTHY);
    // once it was well, the period is over
    Health well = plan.after(health, START, result(0, 1));
    assertThat(plan.after(well, START, result(1, 2)).status()).isEqualTo(Health.Status.UNHEALTHY);
  }

  @Test
  void keepsTheBeginningOfTheOutput() {
    HealthOutput output = new HealthOutput();
    output.write("x".repeat(4000).getBytes(StandardCharsets.UTF_8), 0, 4000);
    assertThat(output.text()).hasSize(4000);
    output.write("y".repeat(4000).getBytes(StandardCharsets.UTF_8), 0, 4000);
    output.write("z".getBytes(StandardCharsets.UTF_8), 0, 1);
    assertThat(output.text()).hasSize(4099).endsWith("y...");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "500,500ns",
    "1500,1.5µs",
    "500000000,500ms",
    "1000000000,1s",
    "1500000000,1.5s",
    "30000000000,30s",
    "90000000000,1m30s",
    "3600000000000,1h0m0s"
  })
  void printsDurationsAsGoDoes(long nanos, String text) {
    assertThat(GoDuration.of(Duration.ofNanos(nanos))).isEqualTo(text);
  }
}
