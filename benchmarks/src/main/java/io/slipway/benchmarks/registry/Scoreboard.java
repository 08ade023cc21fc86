package io.slipway.benchmarks.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, and the table made of it. */
final class Scoreboard {
  private static final List<String> COLUMNS =
      List.of(Contender.SLIPWAY, Contender.PEER, Contender.NGINX);

  /** One run of a workload: how many units in a second, and their processor time. */
  record Sample(double rate, double cost) {}

  private final Map<String, Map<String, List<Sample>>> samples = new LinkedHashMap<>();
  private final Map<String, Units> units = new LinkedHashMap<>();

  /** How a row's figures are written; a rate as time per unit if {@code isTime}. */
  record Units(String rate, String cost, boolean isTime) {}

  void add(String title, Units in, String contender, Sample sample) {
    units.put(title, in);
    samples
        .computeIfAbsent(title, t -> new LinkedHashMap<>())
        .computeIfAbsent(contender, c -> new ArrayList<>())
        .add(sample);
  }

  private List<Sample> of(String title, String contender) {
    return samples.getOrDefault(title, Map.of()).getOrDefault(contender, List.of());
  }

  /** A table in Markdown, of the rows that were measured. */
  void print() {
    System.out.println(
        "| work | slipway | docker-registry | nginx | rate to docker-registry's | reach |");
    System.out.println("|---|---|---|---|---|---|");
    for (Goal goal : Goal.ALL) {
      if (samples.containsKey(goal.title())) {
        StringBuilder line = new StringBuilder("| ").append(goal.title());
        COLUMNS.forEach(contender -> line.append(" | ").append(cell(goal.title(), contender)));
        String verdict = goal.check().isReached(figures(goal.title())) ? "reached" : "missed";
        line.append(" | ").append(toPeer(goal.title()));
        line.append(" | ").append(goal.text()).append(": ").append(verdict).append(" |");
        System.out.println(line);
      }
    }
  }

  private String cell(String title, String contender) {
    List<Sample> list = of(title, contender);
    if (list.isEmpty()) {
      return "";
    }
    Units in = units.get(title);
    double rate = middle(list, Sample::rate);
    String text = in.isTime() ? number(1e3 / rate) + " ms" : number(rate) + " " + in.rate();
    boolean uncounted = in.cost().isEmpty() || Double.isInfinite(middle(list, Sample::cost));
    return uncounted ? text : text + ", " + number(middle(list, Sample::cost)) + " " + in.cost();
  }

  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "?";
    }
    String form = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }

  private String toPeer(String title) {
    double times = ratio(of(title, Contender.SLIPWAY), of(title, Contender.PEER));
    return Double.isNaN(times) ? "" : number(times) + "x";
  }

  private Goal.Figures figures(String title) {
    List<Sample> ours = of(title, Contender.SLIPWAY);
    return new Goal.Figures() {
      @Override
      public double times(String otherTitle, String contender) {
        return ratio(ours, of(otherTitle, contender));
      }

      @Override
      public double rate() {
        return middle(ours, Sample::rate);
      }

      @Override
      public double cost() {
        return middle(ours, Sample::cost);
      }
    };
  }

  private interface Figure {
    double of(Sample sample);
  }

  /** The median of the ratios within each round. */
  private static double ratio(List<Sample> list, List<Sample> base) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(list.size(), base.size()); i++) {
      ratios.add(list.get(i).rate() / base.get(i).rate());
    }
    return middle(ratios);
  }

  private static double middle(List<Sample> list, Figure figure) {
    return middle(list.stream().map(figure::of).toList());
  }

  private static double middle(List<Double> values) {
    return values.isEmpty() ? Double.NaN : values.stream().sorted().toList().get(values.size() / 2);
  }
}
