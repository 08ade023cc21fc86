package io.slipway.builder.context;

/** placeholder */
public interface BuildContext {}
