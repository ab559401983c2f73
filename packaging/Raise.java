import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Copies a jar, and raises class files that are older than Java 6 to Java 17's format: the JVM keeps classes without
/// stack maps in no cache, so that those of picocli would be read and verified at each start.
///
/// Entries are written as they are, uncompressed, all with the same time: the same jar in is the same jar out.
///
///     java Raise.java FROM.jar TO.jar
final class Raise {

    private static final int WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
    private static final long TIME = 315_619_200_000L;

    private Raise() {}

    public static void main(String[] args) throws IOException {
        Path from = Path.of(args[0]);
        // Frames name what two classes have in common, for which their parents are looked at.
        try (JarFile jar = new JarFile(from.toFile());
                URLClassLoader classes = new URLClassLoader(new URL[] {from.toUri().toURL()});
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(Path.of(args[1])))) {
            ClassFile format =
                    ClassFile.of(
                            StackMapsOption.GENERATE_STACK_MAPS,
                            ClassFile.ClassHierarchyResolverOption.of(
                                    ClassHierarchyResolver.ofResourceParsing(classes)
                                            .orElse(ClassHierarchyResolver.defaultResolver())));
            to.setMethod(ZipOutputStream.STORED);
            for (JarEntryBytes each : entries(jar)) {
                write(to, each.name(), raised(format, each));
            }
        }
    }

    private record JarEntryBytes(String name, byte[] bytes) {}

    private static List<JarEntryBytes> entries(JarFile jar) throws IOException {
        List<JarEntryBytes> all = new java.util.ArrayList<>();
        for (ZipEntry entry : jar.stream().toList()) {
            if (!entry.isDirectory()) {
                all.add(
                        new JarEntryBytes(
                                entry.getName(), jar.getInputStream(entry).readAllBytes()));
            }
        }
        return all;
    }

    private static byte[] raised(ClassFile format, JarEntryBytes entry) {
        if (!entry.name().endsWith(".class")) {
            return entry.bytes();
        }
        ClassModel model = format.parse(entry.bytes());
        if (model.majorVersion() >= WITH_STACK_MAPS) {
            return entry.bytes();
        }
        return format.transformClass(
                model,
                // Written instruction by instruction: code that is only copied gets no stack maps.
                ClassTransform.transformingMethodBodies(CodeBuilder::with)
                        .andThen(
                                ClassTransform.endHandler(
                                        builder ->
                                                builder.withVersion(
                                                        ClassFile.JAVA_17_VERSION, 0))));
    }

    private static void write(ZipOutputStream to, String name, byte[] bytes) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(TIME);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        to.putNextEntry(entry);
        to.write(bytes);
        to.closeEntry();
    }
}
