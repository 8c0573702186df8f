using System.Buffers;
using System.Text.Json;

namespace CloudTicks.Collection.Outlets;

/// <summary>
/// Keeps what nobody takes in a file, a line of JSON each, so that a person can look at it and mend it. At its bound the file becomes <c>.old</c> in
/// place of the one before.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">The clock.</param>
/// <param name="maxBytes">The bound of the file.</param>
internal sealed class LetterFile(string path, TimeProvider time, long maxBytes = LetterFile.StandardMaxBytes) : IDisposable
{
    private const long StandardMaxBytes = 256L << 20;

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Appends a line, and makes sure that it is on the disk.</summary>
    /// <param name="write">Writes its fields, behind the time.</param>
    /// <param name="cancellationToken">Ends the wait for those before.</param>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public async Task AddAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var line = Line(write);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > 0 && file.Length + line.Length > maxBytes)
            {
                File.Move(path, $"{path}.old", overwrite: true);
            }

            await using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            var end = stream.Length;
            try
            {
                await stream.WriteAsync(line, CancellationToken.None);
                stream.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                stream.SetLength(end); // no half line before the next
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

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
