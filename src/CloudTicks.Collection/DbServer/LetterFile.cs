using System.Buffers;
using System.Text.Json;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.DbServer;

/// <summary>Keeps what nobody takes, one JSON object a line, for a person to mend. At its bound the file becomes <c>.old</c>.</summary>
internal sealed class LetterFile(string path, TimeProvider time, Disk disk, long maxBytes = LetterFile.StandardMaxBytes) : IDisposable
{
    private const long StandardMaxBytes = 256L << 20;

    private readonly SemaphoreSlim _gate = new(1, 1);

    public string Path => path;

    private string Folder => System.IO.Path.GetDirectoryName(path)!;

    /// <summary>Appends a line, and makes sure that it is on the disk.</summary>
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
        var old = new FileInfo(path);
        if (old.Exists && old.Length > 0 && old.Length + line.Length > maxBytes)
        {
            disk.Move(path, $"{path}.old");
            disk.FlushFolder(Folder); // the old letters have their new name before the file is begun anew
        }

        using var file = disk.Open(path);
        var end = file.Length;
        if (end == 0)
        {
            disk.FlushFolder(Folder);
        }

        try
        {
            file.Write(end, EndsInALine(file) ? [line] : ["\n"u8.ToArray(), line]);
            file.Flush();
        }
        catch (IOException)
        {
            file.Truncate(end); // no half line before the next
            throw;
        }
    }

    /// <summary>A process that was killed may have left half a line.</summary>
    private static bool EndsInALine(DiskFile file)
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
