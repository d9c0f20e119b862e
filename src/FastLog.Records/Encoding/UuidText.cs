using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace FastLog.Records;

/// <summary>
/// Kafka's text form of a uuid: 22 characters of unpadded base64url over the 16 bytes in big-endian
/// order (as in <c>partition.metadata</c>, <c>meta.properties</c> and the tools' output).
/// </summary>
public static class UuidText
{
    /// <summary>Characters of the text form.</summary>
    public const int LengthChars = 22;

    private const int UuidBytes = 16;

    /// <summary>The 22-character form of <paramref name="uuid"/>.</summary>
    public static string Format(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[UuidBytes];
        bool written = uuid.TryWriteBytes(bytes, bigEndian: true, out int size);
        Invariant.Check(written && size == UuidBytes, "A uuid is sixteen bytes.");
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads the 22-character form; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Guid uuid) => TryParse(text.AsSpan(), out uuid);

    /// <summary>Reads the 22-character form; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[UuidBytes];
        if (text.Length != LengthChars || !Base64Url.IsValid(text) ||
            !Base64Url.TryDecodeFromChars(text, bytes, out int size) || size != UuidBytes)
        {
            uuid = Guid.Empty;
            return false;
        }

        uuid = new Guid(bytes, bigEndian: true);
        return true;
    }

    /// <summary>Reads the 22-character form; <see cref="FormatException"/> for anything else.</summary>
    public static Guid Parse(string text) =>
        TryParse(text, out Guid uuid)
            ? uuid
            : throw new FormatException($"'{text}' is not a uuid of {LengthChars} base64url characters.");
}
