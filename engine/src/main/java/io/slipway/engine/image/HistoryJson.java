package io.slipway.engine.image;

import java.util.List;

/** A line of {@code GET /images/NAME/history}; {@code created} in unix seconds. */
public record HistoryJson(
    String id, long created, String createdBy, List<String> tags, long size, String comment) {}
