using System.Runtime.InteropServices;

namespace FastLog.Records;

/// <summary>The functions of lz4frame.h in use. Results at or above <see cref="IsError"/>'s bound are errors.</summary>
internal static unsafe partial class Lz4Native
{
    public const string FileName = "liblz4.so.1";

    /// <summary>LZ4F_VERSION, the version of the interface below.</summary>
    public const uint InterfaceVersion = 100;

    [LibraryImport(FileName, EntryPoint = "LZ4F_compressFrameBound")]
    public static partial nuint CompressFrameBound(nuint sourceSize, Preferences* preferences);

    [LibraryImport(FileName, EntryPoint = "LZ4F_compressFrame")]
    public static partial nuint CompressFrame(
        byte* destination, nuint destinationSize, byte* source, nuint sourceSize, Preferences* preferences);

    [LibraryImport(FileName, EntryPoint = "LZ4F_createDecompressionContext")]
    public static partial nuint CreateDecompressionContext(nint* context, uint version);

    [LibraryImport(FileName, EntryPoint = "LZ4F_freeDecompressionContext")]
    public static partial nuint FreeDecompressionContext(nint context);

    [LibraryImport(FileName, EntryPoint = "LZ4F_resetDecompressionContext")]
    public static partial void ResetDecompressionContext(nint context);

    [LibraryImport(FileName, EntryPoint = "LZ4F_decompress")]
    public static partial nuint Decompress(
        nint context, byte* destination, nuint* destinationSize, byte* source, nuint* sourceSize, void* options);

    /// <summary>Errors are small negative numbers seen as unsigned ones.</summary>
    public static bool IsError(nuint result) => result > unchecked((nuint)(-256));

    /// <summary>LZ4F_preferences_t with its LZ4F_frameInfo_t laid out flat.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Preferences
    {
        public int BlockSizeId;
        public int BlockMode;
        public int ContentChecksumFlag;
        public int FrameType;
        public ulong ContentSize;
        public uint DictionaryId;
        public int BlockChecksumFlag;
        public int CompressionLevel;
        public uint AutoFlush;
        public uint FavorDecompressionSpeed;
        public uint Reserved0;
        public uint Reserved1;
        public uint Reserved2;
    }
}
