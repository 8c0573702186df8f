using System.Buffers;
using System.Text.Json;

namespace CloudTicks.Collection.DbServer;

/// <summary>
/// Keeps the requests that the server refused for good, a line of JSON each, so that a person can mend and post them. At its bound the file becomes
/// <c>.old</c> in place of the one before.
/// </summary>
/// <param name="folder">The collector's data folder.</param>
/// <param name="time">The clock.</param>
/// <param name="maxBytes">The bound of the file.</param>
internal sealed class RefusedBatches(string folder, TimeProvider time, long maxBytes = RefusedBatches.StandardMaxBytes) : IDisposable
{
    private const long StandardMaxBytes = 256L << 20;

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, "db-server-refused.jsonl");

    /// <summary>Appends a request, and makes sure that it is on the disk.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public async Task AddAsync(int status, string reason, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var line = Line(status, reason, request);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Directory.CreateDirectory(folder);
            var file = new FileInfo(Path);
            if (file.Exists && file.Length > 0 && file.Length + line.Length > maxBytes)
            {
                File.Move(Path, $"{Path}.old", overwrite: true);
            }

            await using var stream = new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.Read);
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

    private ReadOnlyMemory<byte> Line(int status, string reason, ReadOnlyMemory<byte> request)
    {
        var line = new ArrayBufferWriter<byte>(request.Length + 512);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, time.GetUtcNow());
            json.WriteNumber("status"u8, status);
            json.WriteString("reason"u8, reason);
            json.WritePropertyName("request"u8);
            json.WriteRawValue(request.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenMemory;
    }
}
