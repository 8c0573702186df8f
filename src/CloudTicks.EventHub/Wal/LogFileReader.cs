using System.Buffers;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>Reads pieces of a log file in their order: small ones, which lie near each other, by one read for many.</summary>
internal sealed class LogFileReader(LogFile file) : IDisposable
{
    private const int WindowBytes = 32 * 1024;
    private DiskFile? _open;
    private bool _isMine;
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
        if (_isMine)
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
            (_open, _isMine) = file.OpenToRead();
        }

        try
        {
            return _open.Read(at, into);
        }
        catch (ObjectDisposedException) when (!_isMine)
        {
            (_open, _isMine) = file.OpenToRead(); // it was sealed in this moment
            return _open.Read(at, into);
        }
    }
}
