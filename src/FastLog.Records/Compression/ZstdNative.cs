using System.Runtime.InteropServices;

namespace FastLog.Records;

/// <summary>The functions of zstd.h in use, all of its stable part.</summary>
internal static unsafe partial class ZstdNative
{
    public const string FileName = "libzstd.so.1";

    /// <summary>ZSTD_reset_session_only: keep parameters and memory, forget the frame.</summary>
    public const int ResetSessionOnly = 1;

    [LibraryImport(FileName, EntryPoint = "ZSTD_compressBound")]
    public static partial nuint CompressBound(nuint sourceSize);

    [LibraryImport(FileName, EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateCompressionContext();

    [LibraryImport(FileName, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCompressionContext(nint context);

    [LibraryImport(FileName, EntryPoint = "ZSTD_compressCCtx")]
    public static partial nuint Compress(
        nint context, byte* destination, nuint destinationSize, byte* source, nuint sourceSize, int level);

    [LibraryImport(FileName, EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateDecompressionContext();

    [LibraryImport(FileName, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDecompressionContext(nint context);

    [LibraryImport(FileName, EntryPoint = "ZSTD_DCtx_reset")]
    public static partial nuint ResetDecompressionContext(nint context, int what);

    [LibraryImport(FileName, EntryPoint = "ZSTD_sizeof_DCtx")]
    public static partial nuint SizeOfDecompressionContext(nint context);

    [LibraryImport(FileName, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint DecompressStream(nint context, Output* output, Input* input);

    [LibraryImport(FileName, EntryPoint = "ZSTD_isError")]
    public static partial uint IsError(nuint result);

    /// <summary>ZSTD_inBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Input
    {
        public byte* Source;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Output
    {
        public byte* Destination;
        public nuint Size;
        public nuint Position;
    }
}
