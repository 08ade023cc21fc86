package io.slipway.engine.container;

import java.time.Duration;

/** Durations as Docker tells them to people. */
final class HumanDuration {
  private static final int HOURS_PER_DAY = 24;
  private static final int HOURS_PER_WEEK = 24 * 7;
  private static final int HOURS_PER_MONTH = 24 * 30;
  private static final int HOURS_PER_YEAR = 24 * 365;

  private HumanDuration() {}

  static String of(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    long minutes = seconds / 60;
    long hours = Math.round(seconds / 3600.0);
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds < 60) {
      return seconds == 1 ? "1 second" : seconds + " seconds";
    }
    if (minutes < 60) {
      return minutes == 1 ? "About a minute" : minutes + " minutes";
    }
    if (hours == 1) {
      return "About an hour";
    }
    if (hours < HOURS_PER_DAY * 2) {
      return hours + " hours";
    }
    if (hours < HOURS_PER_WEEK * 2) {
      return hours / HOURS_PER_DAY + " days";
    }
    if (hours < HOURS_PER_MONTH * 2) {
      return hours / HOURS_PER_WEEK + " weeks";
    }
    if (hours < HOURS_PER_YEAR * 2) {
      return hours / HOURS_PER_MONTH + " months";
    }
    return hours / HOURS_PER_YEAR + " years";
  }
}
