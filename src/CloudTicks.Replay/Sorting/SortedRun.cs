using System.Globalization;
using CloudTicks.EventStream;

namespace CloudTicks.Replay.Sorting;

/// <summary>Sorted rows in an unlinked file, which disappears when it is closed or the process ends.</summary>
internal sealed class SortedRun : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly FileStream _file;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private int _rowBytes;

    private SortedRun(FileStream file) => _file = file;

    public long Bytes => _file.Length;

    /// <summary>The last row read; valid until the next read.</summary>
    public ReadOnlySpan<byte> Row => _buffer.AsSpan(_start - _rowBytes, _rowBytes);

    /// <summary>Creates an empty file.</summary>
    /// <exception cref="EventStreamException">The file cannot be created; the message names the folder.</exception>
    public static SortedRun Create(string folder)
    {
        var path = Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"cloudticks-sort-{Environment.ProcessId}-{Path.GetRandomFileName()}"));
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                Options = FileOptions.DeleteOnClose,
                BufferSize = BufferBytes,
            });
            if (!OperatingSystem.IsWindows())
            {
                // Unlink the file now: otherwise a killed process would leave it behind. Windows deletes it in any case.
                File.Delete(path);
            }

            return new SortedRun(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Problem(folder, problem);
        }
    }

    public void Add(ReadOnlySpan<byte> row) => _file.Write(row);

    public void Rewind()
    {
        _file.Flush();
        _file.Position = 0;
    }

    public bool TryRead()
    {
        if (!TryBuffer(sizeof(ushort)))
        {
            return false;
        }

        _rowBytes = TickRow.Length(_buffer.AsSpan(_start));
        if (!TryBuffer(_rowBytes))
        {
            throw new EventStreamException(
                "A file of sorted ticks ends in the middle of a row: the data read from disk differs from the data written.");
        }

        _start += _rowBytes;
        return true;
    }

    public static EventStreamException Problem(string folder, Exception problem) => new(
        $"The ticks do not fit into memory and are sorted in {folder}, which failed: {problem.Message} " +
        "Free space there, name another folder, or select less.",
        problem);

    public void Dispose() => _file.Dispose();

    private bool TryBuffer(int bytes)
    {
        if (_end - _start >= bytes)
        {
            return true;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        _end += _file.ReadAtLeast(_buffer.AsSpan(_end), bytes - _end, throwOnEndOfStream: false);
        return _end >= bytes;
    }
}
