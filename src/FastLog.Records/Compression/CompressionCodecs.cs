using System.Diagnostics.CodeAnalysis;

namespace FastLog.Records;

/// <summary>All codecs, by type.</summary>
public static class CompressionCodecs
{
    private static readonly ICompressionCodec[] ByType =
    [
        new NoneCodec(),
        new GzipCodec(),
        new SnappyCodec(),
        new Lz4Codec(),
        new ZstdCodec(),
    ];

    /// <summary>Every codec, available or not, in the order of their types.</summary>
    public static IReadOnlyList<ICompressionCodec> All => ByType;

    /// <summary>The codec of <paramref name="type"/>; <see cref="ArgumentOutOfRangeException"/> for a type that is not assigned.</summary>
    public static ICompressionCodec For(CompressionType type) =>
        TryGet(type, out ICompressionCodec? codec)
            ? codec
            : throw new ArgumentOutOfRangeException(nameof(type), type, "This compression type is not assigned.");

    /// <summary>The codec of <paramref name="type"/>; false for a type that is not assigned.</summary>
    public static bool TryGet(CompressionType type, [NotNullWhen(true)] out ICompressionCodec? codec)
    {
        int index = (int)type;
        codec = index < ByType.Length ? ByType[index] : null;
        return codec is not null;
    }
}
