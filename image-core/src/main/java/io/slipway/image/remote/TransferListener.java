package io.slipway.image.remote;

/** Hears of progress; called from several threads, must be quick and must not throw. */
@FunctionalInterface
public interface TransferListener {
  TransferListener SILENT = event -> {};

  void on(TransferEvent event);
}
