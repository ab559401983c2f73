package dev.decant.advisory;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;

import dev.decant.release.Dependency;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// What Hex's registry says of a package at `packages/NAME`: a `Signed` message of protobuf, packed
/// with gzip, in which there is a `Package`.
///
/// Source: `signed.proto` and `package.proto` of hexpm/specifications. Fields that are not read
/// here are passed over, and so are those to come.
final class SignedPackage {

    private static final int MAX_SIZE = 1 << 26;

    // The number of a field, times eight, and how it is written: 2 with its length, 0 as a number.
    private static final int PAYLOAD = 1 << 3 | 2;
    private static final int SIGNATURE = 2 << 3 | 2;
    private static final int RELEASES = 1 << 3 | 2;
    private static final int NAME = 2 << 3 | 2;
    private static final int REPOSITORY = 3 << 3 | 2;
    private static final int VERSION = 1 << 3 | 2;
    private static final int RETIRED = 4 << 3 | 2;
    private static final int REASON = 1 << 3;
    private static final int MESSAGE = 2 << 3 | 2;

    private String name = "";
    private String repository = "";
    private final Map<String, Retirement> retired = new HashMap<>();

    private interface Field {
        /// @return whether it was read; else it is passed over
        boolean read(int tag, CodedInputStream in) throws IOException;
    }

    private SignedPackage() {}

    /// @param wanted the package that was asked for
    /// @return its retired versions
    /// @throws IOException if it is not so, not signed with this key, or of another package; its
    ///   message is the end of a sentence
    static Map<String, Retirement> retired(byte[] bytes, String wanted, PublicKey key)
            throws IOException {
        try {
            return read(bytes, wanted, key);
        } catch (ZipException | EOFException | InvalidProtocolBufferException e) {
            throw new IOException("cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, Retirement> read(byte[] bytes, String wanted, PublicKey key)
            throws IOException {
        byte[][] parts = {new byte[0], new byte[0]};
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            each(
                    gzip.readNBytes(MAX_SIZE),
                    (tag, in) -> {
                        switch (tag) {
                            case PAYLOAD -> parts[0] = in.readByteArray();
                            case SIGNATURE -> parts[1] = in.readByteArray();
                            default -> {
                                return false;
                            }
                        }
                        return true;
                    });
        }
        if (!holds(parts[0], parts[1], key)) {
            throw new IOException("is not signed with the registry's key");
        }
        SignedPackage read = new SignedPackage();
        each(parts[0], (tag, in) -> read.field(wanted, tag, in));
        if (!read.name.equals(wanted) || !read.repository.equals(Dependency.Hex.PUBLIC_REPO)) {
            throw new IOException("is of another package");
        }
        return read.retired;
    }

    private static boolean holds(byte[] payload, byte[] signature, PublicKey key) {
        try {
            Signature verifier = Signature.getInstance("SHA512withRSA");
            verifier.initVerify(key);
            verifier.update(payload);
            return verifier.verify(signature);
        } catch (GeneralSecurityException noSignature) {
            return false;
        }
    }

    private boolean field(String wanted, int tag, CodedInputStream in) throws IOException {
        switch (tag) {
            case RELEASES -> release(wanted, in.readByteArray());
            case NAME -> name = in.readString();
            case REPOSITORY -> repository = in.readString();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void release(String wanted, byte[] message) throws IOException {
        String[] version = {""};
        byte[][] status = {null};
        each(
                message,
                (tag, in) -> {
                    switch (tag) {
                        case VERSION -> version[0] = in.readString();
                        case RETIRED -> status[0] = in.readByteArray();
                        default -> {
                            return false;
                        }
                    }
                    return true;
                });
        if (status[0] != null) {
            retired.put(version[0], retirement(wanted, version[0], status[0]));
        }
    }

    private static Retirement retirement(String name, String version, byte[] message)
            throws IOException {
        int[] reason = {0};
        String[] text = {""};
        each(
                message,
                (tag, in) -> {
                    switch (tag) {
                        case REASON -> reason[0] = in.readEnum();
                        case MESSAGE -> text[0] = in.readString();
                        default -> {
                            return false;
                        }
                    }
                    return true;
                });
        return new Retirement(name, version, word(reason[0]), Advisory.plain(text[0]));
    }

    private static String word(int reason) {
        return switch (reason) {
            case 0 -> "other";
            case 1 -> "invalid";
            case 2 -> "security";
            case 3 -> "deprecated";
            case 4 -> "renamed";
            default -> Integer.toString(reason);
        };
    }

    private static void each(byte[] message, Field field) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!field.read(tag, in)) {
                in.skipField(tag);
            }
        }
    }
}
