package io.slipway.builder.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One build. Times are unix milliseconds.
 *
 * @param status completed, failed or canceled
 * @param error why it failed; empty if it did not
 * @param image id of the image; empty if none was made
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BuildRecord(
    @JsonProperty("id") String id,
    @JsonProperty("context") String context,
    @JsonProperty("dockerfile") String dockerfile,
    @JsonProperty("target") String target,
    @JsonProperty("tags") List<String> tags,
    @JsonProperty("started") long started,
    @JsonProperty("ended") long ended,
    @JsonProperty("status") String status,
    @JsonProperty("error") String error,
    @JsonProperty("image") String image,
    @JsonProperty("ran") int ran,
    @JsonProperty("cached") int cached,
    @JsonProperty("steps") List<Step> steps) {

  /**
   * A step of the graph.
   *
   * @param id of the vertex
   * @param key its cache key, if it was worked out
   * @param inputs ids of the vertices it stands on and reads
   * @param state cached, done, failed, canceled; empty if it was never reached
   * @param started 0 if it was not
   * @param why a line for each part of the key that was not as before
   */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Step(
      @JsonProperty("id") String id,
      @JsonProperty("name") String name,
      @JsonProperty("key") String key,
      @JsonProperty("inputs") List<String> inputs,
      @JsonProperty("state") String state,
      @JsonProperty("started") long started,
      @JsonProperty("ended") long ended,
      @JsonProperty("why") List<String> why) {
    public Step {
      inputs = inputs == null ? List.of() : List.copyOf(inputs);
      why = why == null ? List.of() : List.copyOf(why);
    }
  }

  public BuildRecord {
    tags = tags == null ? List.of() : List.copyOf(tags);
    steps = steps == null ? List.of() : List.copyOf(steps);
  }
}
