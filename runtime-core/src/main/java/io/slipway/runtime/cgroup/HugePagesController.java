package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.util.Map;

/** Huge pages, by page size. */
final class HugePagesController implements Controller {
  @Override
  public String name(CgroupVersion version) {
    return "hugetlb";
  }

  @Override
  public void apply(CgroupDirectory dir, Resources resources) throws IOException {
    String suffix = dir.version() == CgroupVersion.V1 ? ".limit_in_bytes" : ".max";
    for (Map.Entry<String, Long> limit : resources.hugePages().entrySet()) {
      dir.limit(
          "limit of " + limit.getKey() + " pages",
          "hugetlb." + limit.getKey() + suffix,
          Long.toString(limit.getValue()));
    }
  }
}
