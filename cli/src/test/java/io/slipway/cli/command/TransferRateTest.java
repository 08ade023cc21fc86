package io.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransferRateTest {
  private final TransferRate rate = new TransferRate();

  @Test
  void tellsTheSpeedOfTheLastSecond() {
    rate.reached(1000, 0, 40_000_000);
    assertThat(rate.text()).isEqualTo("0B / 40MB");
    rate.reached(1500, 5_000_000, 40_000_000);
    assertThat(rate.text()).isEqualTo("5MB / 40MB  10MB/s");
    rate.reached(2000, 10_000_000, 40_000_000);
    rate.reached(3000, 12_000_000, 40_000_000);
    assertThat(rate.text()).isEqualTo("12MB / 40MB  2MB/s");
    rate.reached(3500, 40_000_000, 40_000_000);
    assertThat(rate.text()).isEqualTo("40MB / 40MB");
  }

  @Test
  void theTotalNeedNotBeKnown() {
    rate.reached(1000, 100, 0);
    rate.reached(2000, 2100, 0);
    assertThat(rate.text()).isEqualTo("2.1kB  2kB/s");
  }
}
