using System.Runtime.InteropServices;

namespace CloudTicks.EventHub.Records;

/// <summary>Zstandard with the system's libzstd, which every Debian system has because its package tools need it.</summary>
internal static partial class Zstd
{
    private const string Library = "libzstd.so.1";
    private const int Level = 3;
    private const int DestinationTooSmall = 70;

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <exception cref="InvalidDataException">The bytes are not Zstandard, or their content exceeds the limit of the buffer.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, RecordBuffer to)
    {
        var max = to.MaxBytes - to.Length;
        for (var room = Math.Max(4L * packed.Length, 64 * 1024); ; room *= 4)
        {
            var into = to.Reserve((int)Math.Min(room, max));
            var written = Decompress(into, (nuint)into.Length, packed, (nuint)packed.Length);
            if (IsError(written) == 0)
            {
                to.Advance((int)written);
                return;
            }

            if (ErrorOf(written) != DestinationTooSmall)
            {
                throw new InvalidDataException("not Zstandard");
            }

            if (room >= max)
            {
                to.Reserve(max + 1); // throws
            }
        }
    }

    public static void Pack(ReadOnlySpan<byte> records, RecordBuffer to)
    {
        var into = to.Reserve((int)CompressBound((nuint)records.Length));
        to.Advance((int)Compress(into, (nuint)into.Length, records, (nuint)records.Length, Level));
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_decompress")]
    private static partial nuint Decompress(Span<byte> to, nuint room, ReadOnlySpan<byte> from, nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_compress")]
    private static partial nuint Compress(Span<byte> to, nuint room, ReadOnlySpan<byte> from, nuint length, int level);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressBound")]
    private static partial nuint CompressBound(nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint outcome);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorCode")]
    private static partial int ErrorOf(nuint outcome);
}
