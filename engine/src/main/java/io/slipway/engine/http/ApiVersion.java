package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the Docker Engine API, such as 1.44. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /** The oldest version served; older clients are told to upgrade. */
  public static final ApiVersion MIN = new ApiVersion(1, 24);

  /** The newest version served, announced in every answer and used when a path names none. */
  public static final ApiVersion MAX = new ApiVersion(1, 51);

  /** The release of docker that speaks {@link #MAX}. */
  public static final String RELEASE = "28.5.2";

  private static final Pattern SHAPE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

  /** Reads {@code 1.44}. */
  public static ApiVersion parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      throw SlipwayException.invalid("invalid API version: " + text);
    }
    return new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** Whether clients of this version know what came with {@code 1.minor}. */
  public boolean atLeast(int requiredMinor) {
    return compareTo(new ApiVersion(1, requiredMinor)) >= 0;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
