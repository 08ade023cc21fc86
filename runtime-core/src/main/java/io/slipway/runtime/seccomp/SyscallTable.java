package io.slipway.runtime.seccomp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * System call names to numbers, per architecture; read from {@code syscalls.tsv} beside this class.
 */
final class SyscallTable {
  private static final String RESOURCE = "syscalls.tsv";

  private final Map<SeccompArch, Map<String, Integer>> numbers;

  private SyscallTable(Map<SeccompArch, Map<String, Integer>> numbers) {
    this.numbers = numbers;
  }

  static SyscallTable load() {
    Map<SeccompArch, Map<String, Integer>> numbers = new HashMap<>();
    for (SeccompArch arch : SeccompArch.values()) {
      numbers.put(arch, new HashMap<>());
    }
    try (InputStream in = SyscallTable.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      List<String> header = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) {
          continue;
        }
        List<String> cells = Arrays.asList(line.split("\t"));
        if (header == null) {
          header = cells;
          continue;
        }
        for (SeccompArch arch : SeccompArch.values()) {
          String number = cells.get(header.indexOf(arch.column()));
          if (!number.equals("-")) {
            numbers.get(arch).put(cells.getFirst(), Integer.valueOf(number));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SyscallTable(numbers);
  }

  OptionalInt number(SeccompArch arch, String name) {
    Integer number = numbers.get(arch).get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
