using System.Buffers;
using System.Text.Json;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.DbServer;

/// <summary>
/// Keeps refused data, one JSON object per line, for manual repair. When the file is full, <c>.old</c> is appended to its name, and an
/// earlier file of that name is replaced.
/// </summary>
internal sealed class DeadLetterFile(string path, TimeProvider time, Disk disk, long maxBytes = DeadLetterFile.DefaultMaxBytes)
    : IDisposable
{
    private const long DefaultMaxBytes = 256L << 20;

    private readonly SemaphoreSlim _gate = new(1, 1);

    public string Path => path;

    private string Folder => System.IO.Path.GetDirectoryName(path)!;

    /// <summary>Appends a line; it is durable when the task completes.</summary>
    public async Task AddAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var line = Line(write);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Append(line);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private void Append(ReadOnlyMemory<byte> line)
    {
        var current = new FileInfo(path);
        if (current.Exists && current.Length > 0 && current.Length + line.Length > maxBytes)
        {
            disk.Move(path, $"{path}.old");
            // The rename must be durable before a new file is created with the same name.
            disk.FlushFolder(Folder);
        }

        using var file = disk.Open(path);
        var end = file.Length;
        if (end == 0)
        {
            disk.FlushFolder(Folder);
        }

        try
        {
            file.Write(end, EndsWithNewline(file) ? [line] : ["\n"u8.ToArray(), line]);
            file.Flush();
        }
        catch (IOException)
        {
            file.Truncate(end);
            throw;
        }
    }

    /// <summary>Whether the file ends with a newline. A killed process may have left a partial line.</summary>
    private static bool EndsWithNewline(DiskFile file)
    {
        Span<byte> last = stackalloc byte[1];
        return file.Length == 0 || (file.Read(file.Length - 1, last) == 1 && last[0] == (byte)'\n');
    }

    private ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> write)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, time.GetUtcNow());
            write(json);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenMemory;
    }
}
