using System.Buffers;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>Reads pieces of a log file in order; one read covers many small pieces.</summary>
internal sealed class LogFileReader(LogFile file) : IDisposable
{
    private const int WindowBytes = 32 * 1024;
    private DiskFile? _openFile;
    private bool _isOwned;
    private byte[]? _window;
    private long _windowStart;
    private int _windowBytes;

    public int Read(int at, Span<byte> into)
    {
        if (into.Length >= WindowBytes)
        {
            return ReadFile(at, into);
        }

        if (_window is null || at < _windowStart || at + into.Length > _windowStart + _windowBytes)
        {
            _window ??= ArrayPool<byte>.Shared.Rent(WindowBytes);
            (_windowStart, _windowBytes) = (at, ReadFile(at, _window));
        }

        var read = Math.Min(into.Length, _windowBytes);
        _window.AsSpan((int)(at - _windowStart), read).CopyTo(into);
        return read;
    }

    public void Dispose()
    {
        if (_isOwned)
        {
            _openFile?.Dispose();
        }

        if (_window is not null)
        {
            ArrayPool<byte>.Shared.Return(_window);
        }
    }

    private int ReadFile(int at, Span<byte> into)
    {
        if (_openFile is null)
        {
            (_openFile, _isOwned) = file.OpenToRead();
        }

        try
        {
            return _openFile.Read(at, into);
        }
        catch (ObjectDisposedException) when (!_isOwned)
        {
            (_openFile, _isOwned) = file.OpenToRead(); // the log thread has closed the complete file meanwhile
            return _openFile.Read(at, into);
        }
    }
}
