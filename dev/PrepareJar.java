import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * {@code java PrepareJar.java JAR}: makes a jar one that the JVM's start-up cache takes whole.
 * Classes in a format older than Java 6 get that of Java 8, code unchanged: without the cache they
 * are read and verified, by the old and slow verifier, at every start. And signatures go, which
 * would be read and checked at every start; that the jar is the right one, the build has checked.
 */
final class PrepareJar {
  private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

  private PrepareJar() {}

  public static void main(String[] arguments) throws IOException {
    Path jar = Path.of(arguments[0]);
    Path renewed = Path.of(jar + ".renewed");
    try (ZipFile from = new ZipFile(jar.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(renewed))) {
      ClassFile classes = classFile(from);
      for (ZipEntry entry : from.stream().toList()) {
        if (!SIGNATURE.matcher(entry.getName()).matches()) {
          byte[] content = from.getInputStream(entry).readAllBytes();
          to.putNextEntry(new ZipEntry(entry.getName()));
          to.write(prepare(classes, entry.getName(), content));
          to.closeEntry();
        }
      }
    }
    Files.move(renewed, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] prepare(ClassFile classes, String name, byte[] content) throws IOException {
    if (name.equals(JarFile.MANIFEST_NAME)) {
      return withoutDigests(content);
    }
    return name.endsWith(".class") ? renew(classes, content) : content;
  }

  private static byte[] withoutDigests(byte[] content) throws IOException {
    Manifest manifest = new Manifest(new ByteArrayInputStream(content));
    manifest.getEntries().clear();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }

  private static byte[] renew(ClassFile classes, byte[] content) {
    ClassModel model = classes.parse(content);
    if (model.majorVersion() >= ClassFile.JAVA_6_VERSION) {
      return content;
    }
    // Code that is handed through piece by piece is written anew, with the frames newer formats
    // need.
    return classes.transformClass(
        model,
        ClassTransform.transformingMethodBodies((code, piece) -> code.with(piece))
            .andThen(PrepareJar::withVersion));
  }

  private static void withVersion(ClassBuilder renewed, ClassElement element) {
    if (element instanceof ClassFileVersion) {
      renewed.withVersion(ClassFile.JAVA_8_VERSION, 0);
    } else {
      renewed.with(element);
    }
  }

  /** Frames name common supertypes, so the classes of the jar and of the JDK must be found. */
  private static ClassFile classFile(ZipFile jar) {
    return ClassFile.of(
        StackMapsOption.GENERATE_STACK_MAPS,
        ClassHierarchyResolverOption.of(
            ClassHierarchyResolver.ofResourceParsing((ClassDesc name) -> {
              String descriptor = name.descriptorString();
              String path = descriptor.substring(1, descriptor.length() - 1) + ".class";
              ZipEntry entry = jar.getEntry(path);
              try {
                return entry == null
                    ? ClassLoader.getSystemResourceAsStream(path)
                    : jar.getInputStream(entry);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            })));
  }
}
