package io.slipway.registry.store;

/** The parts of the metadata that serve no request but collection, scrubbing and checks. */
public interface UpkeepIndexes {

  ContentIndex contents();

  GarbageIndex garbage();

  UsageIndex usage();

  GenerationMark generation();
}
