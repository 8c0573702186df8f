using System.Buffers;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>Reads pieces of a log file in order; one read covers many small pieces.</summary>
internal sealed class LogFileReader(LogFile file) : IDisposable
{
    private const int WindowBytes = 32 * 1024;
    private DiskFile? _open;
    private bool _isOwned;
    private byte[]? _window;
    private long _from;
    private int _count;

    public int Read(int at, Span<byte> into)
    {
        if (into.Length >= WindowBytes)
        {
            return ReadFile(at, into);
        }

        if (_window is null || at < _from || at + into.Length > _from + _count)
        {
            _window ??= ArrayPool<byte>.Shared.Rent(WindowBytes);
            (_from, _count) = (at, ReadFile(at, _window));
        }

        var read = Math.Min(into.Length, _count);
        _window.AsSpan((int)(at - _from), read).CopyTo(into);
        return read;
    }

    public void Dispose()
    {
        if (_isOwned)
        {
            _open?.Dispose();
        }

        if (_window is not null)
        {
            ArrayPool<byte>.Shared.Return(_window);
        }
    }

    private int ReadFile(int at, Span<byte> into)
    {
        if (_open is null)
        {
            (_open, _isOwned) = file.OpenToRead();
        }

        try
        {
            return _open.Read(at, into);
        }
        catch (ObjectDisposedException) when (!_isOwned)
        {
            (_open, _isOwned) = file.OpenToRead(); // the file was sealed concurrently
            return _open.Read(at, into);
        }
    }
}
