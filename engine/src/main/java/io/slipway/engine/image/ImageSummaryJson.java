package io.slipway.engine.image;

import java.util.List;
import java.util.Map;

/**
 * An image in a list, as {@code GET /images/json} answers it. Times in unix seconds, sizes in
 * bytes.
 */
public record ImageSummaryJson(
    String id,
    String parentId,
    List<String> repoTags,
    List<String> repoDigests,
    long created,
    long size,
    long sharedSize,
    Map<String, String> labels,
    long containers) {}
