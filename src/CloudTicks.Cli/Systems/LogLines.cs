using System.Text;
using System.Text.Json;
using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Systems;

/// <summary>
/// Reads the lines of all parts, or of one part, from <c>apphost.log</c> and the log before it, while AppHost may be writing.
/// </summary>
internal sealed class LogLines(string folder, string? part, TimeProvider time)
{
    private const int BlockBytes = 64 << 10;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly string _path = AppHostNote.LogFile(folder);
    private readonly SortedSet<string> _parts = new(StringComparer.Ordinal);

    /// <summary>The beginning of an unfinished line.</summary>
    private readonly List<byte> _unfinished = [];

    private long _position;

    /// <summary>The parts seen so far, for the message that the requested part has no lines.</summary>
    public IEnumerable<string> Parts => _parts;

    /// <summary>Writes the newest lines.</summary>
    /// <returns>The number of lines.</returns>
    public async Task<long> ShowAsync(Stream output, long count, CancellationToken cancellationToken)
    {
        var newest = new Queue<string>();
        if (File.Exists(AppHostNote.OldLogFile(folder)))
        {
            await ReadAsync(AppHostNote.OldLogFile(folder), Collect, cancellationToken);
            _position = 0;
            _unfinished.Clear();
        }

        await ReadNewestAsync(Collect, cancellationToken);
        foreach (var line in newest)
        {
            await WriteAsync(output, line, cancellationToken);
        }

        return newest.Count;

        Task Collect(string line)
        {
            newest.Enqueue(line);
            if (newest.Count > count)
            {
                newest.Dequeue();
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>Writes new lines until the system has stopped.</summary>
    /// <returns>The number of lines.</returns>
    public async Task<long> FollowAsync(Stream output, CancellationToken cancellationToken)
    {
        var lineCount = 0L;
        while (true)
        {
            var isHeld = SystemFolder.Of(new DirectoryInfo(folder)) is [{ IsHeld: true }];
            if (new FileInfo(_path) is { Exists: true } file && file.Length < _position)
            {
                // The file was rotated: its end is now in the older file.
                await ReadAsync(AppHostNote.OldLogFile(folder), Write, cancellationToken);
                _position = 0;
            }

            await ReadNewestAsync(Write, cancellationToken);
            if (!isHeld)
            {
                return lineCount;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }

        Task Write(string line)
        {
            lineCount++;
            return WriteAsync(output, line, cancellationToken);
        }
    }

    private static Task WriteAsync(Stream output, string line, CancellationToken cancellationToken) =>
        output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken).AsTask();

    private async Task ReadNewestAsync(Func<string, Task> onLine, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(_path, onLine, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            // AppHost has renamed the file, and is about to create the next one.
        }
    }

    private async Task ReadAsync(string path, Func<string, Task> onLine, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Min(_position, file.Length);
        var block = new byte[BlockBytes];
        while (await file.ReadAsync(block, cancellationToken) is > 0 and var length)
        {
            _position += length;
            var from = 0;
            while (Array.IndexOf(block, (byte)'\n', from, length - from) is >= 0 and var end)
            {
                _unfinished.AddRange(block.AsSpan(from..end));
                var line = Encoding.UTF8.GetString([.. _unfinished]);
                _unfinished.Clear();
                from = end + 1;
                if (IsOfPart(line))
                {
                    await onLine(line);
                }
            }

            _unfinished.AddRange(block.AsSpan(from..length));
        }
    }

    /// <summary>A part may have several processes: nats-1 and nats-2 belong to nats.</summary>
    private bool IsOfPart(string line)
    {
        var name = PartOf(line);
        _parts.Add(name);
        return part is null || name == part
            || (name.StartsWith(part + "-", StringComparison.Ordinal)
                && name.AsSpan(part.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private static string PartOf(string line)
    {
        if (!line.StartsWith('{'))
        {
            return line.IndexOf(" | ", StringComparison.Ordinal) is > 0 and var end ? line[..end].TrimEnd() : "";
        }

        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("part").GetString() ?? "";
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }
}
