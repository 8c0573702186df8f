using CloudTicks.Cli.Decoding;
using CloudTicks.Cli.Replaying;
using CloudTicks.Foundations.Disks;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Cli.Exporting;

/// <summary>Writes to a file or standard output. The file's name ends in <c>.partial</c> until the file is complete.</summary>
internal sealed class FileTarget(ITickFormat format, FileInfo? file) : IReplayTarget
{
    private const int BufferBytes = 1 << 17;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private Stream? _stream;
    private int _length;
    private long _bytes;

    public string Name => file?.FullName ?? "standard output";

    public bool IsFull => _length + format.MaxBytes > BufferBytes;

    public bool AcceptsGaps => false;

    public string? Fault => null;

    public IEnumerable<(string Name, long Number)> Results => [("bytes", _bytes)];

    private string PartialName => $"{file!.FullName}.partial";

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        _stream = file is null
            ? StandardOutput.Open()
            : new FileStream(PartialName, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        format.Header.CopyTo(_buffer);
        _length = format.Header.Length;
        return Task.CompletedTask;
    }

    public ValueTask AddGapAsync(FeedGap gap, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Add(scoped in Tick tick, TickSource source, ulong identity, int partition) =>
        _length += format.Write(tick, source, partition, identity, _buffer.AsSpan(_length));

    public async Task DeliverAsync(string? feed, bool all, CancellationToken cancellationToken)
    {
        try
        {
            await _stream!.WriteAsync(_buffer.AsMemory(0, _length), cancellationToken);
            _bytes += _length;
            _length = 0;
        }
        catch (IOException exception) when (StandardOutput.IsPipeClosed(exception))
        {
            throw new OutputClosedException(exception);
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _stream!.FlushAsync(cancellationToken);
        if (file is not null)
        {
            ((FileStream)_stream).Flush(flushToDisk: true);
            await _stream.DisposeAsync();
            var disk = new Disk();
            disk.Move(PartialName, file.FullName);
            disk.FlushFolder(file.DirectoryName!);
        }
    }

    public ValueTask DisposeAsync() => _stream?.DisposeAsync() ?? ValueTask.CompletedTask;
}
