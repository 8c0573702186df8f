using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace CloudTicks.Functions.Querying.Rows;

/// <summary>Writes rows as the database returns them, a few at a time, so that memory does not grow with the response.</summary>
internal static class RowWriter
{
    private const int FlushBytes = 32 * 1024;

    public static Task WriteAsync<T>(
        PipeWriter output, RowFormat format, RowFormatter<T> form, IAsyncEnumerable<T> rows, CancellationToken cancellationToken) =>
            format switch
            {
                RowFormat.Csv => WriteCsvAsync(output, form, rows, cancellationToken),
                RowFormat.NdJson => WriteLinesAsync(output, form, rows, cancellationToken),
                _ => WriteArrayAsync(output, form, rows, cancellationToken),
            };

    private static async Task WriteArrayAsync<T>(
        PipeWriter output, RowFormatter<T> form, IAsyncEnumerable<T> rows, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(output);
        json.WriteStartArray();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            form.Write(json, row);
            json.WriteEndObject();
            if (json.BytesPending >= FlushBytes)
            {
                json.Flush();
                await output.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        json.Flush();
        await output.FlushAsync(cancellationToken);
    }

    private static async Task WriteLinesAsync<T>(
        PipeWriter output, RowFormatter<T> form, IAsyncEnumerable<T> rows, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(output);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            form.Write(json, row);
            json.WriteEndObject();
            json.Flush();
            Encoding.UTF8.GetBytes("\n", output);
            json.Reset();
            await FlushLargeAsync(output, cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
    }

    private static async Task WriteCsvAsync<T>(
        PipeWriter output, RowFormatter<T> form, IAsyncEnumerable<T> rows, CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes($"{form.Columns}\r\n", output);
        var line = new CsvLine();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            form.Write(line, row);
            line.End(output);
            await FlushLargeAsync(output, cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
    }

    private static async ValueTask FlushLargeAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        if (output.UnflushedBytes >= FlushBytes)
        {
            await output.FlushAsync(cancellationToken);
        }
    }
}
