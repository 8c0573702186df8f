using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Replay.Archive;
using CloudTicks.Replay.Sorting;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Replay.Capture;

/// <summary>
/// Reads the ticks of the files that Event Hubs Capture wrote from the archive, in order of time, as <see cref="ArchiveReplay"/> does for
/// the archive itself. An Event Hubs namespace keeps records for a limited time, but Capture's files remain.
/// </summary>
/// <param name="path">The folder of the files, searched recursively, or one file.</param>
public sealed class CaptureReplay(string path)
{
    /// <summary>Reads and sorts the selected ticks.</summary>
    /// <param name="refused">Receives a message for each unreadable file or record, and for the first refused tick.</param>
    /// <param name="gap">Receives the gap records, file by file; null to skip them.</param>
    /// <returns>The sorted ticks, which the caller must dispose of.</returns>
    /// <exception cref="EventStreamException">
    /// There are no files, the folder cannot be listed, or the disk is full; the message says which.
    /// </exception>
    public Task<TickReplay> ReadAsync(
        TickSelection selection,
        ReplayOptions options,
        ReplayCounts counts,
        Action<string> refused,
        Func<FeedGap, CancellationToken, ValueTask>? gap,
        CancellationToken cancellationToken) =>
        TickReplay.SortAsync(selection, options, counts, refused, async ticks =>
        {
            counts.ReadsFiles = true;
            foreach (var file in Files())
            {
                await ReadAsync(file, ticks, counts, refused, gap, cancellationToken);
                counts.FilesRead++;
            }

            if (counts.FilesRead == 0)
            {
                throw new EventStreamException(
                    $"There is no file of Event Hubs Capture (*.avro) in {path}: name the folder into which the container was copied.");
            }

            counts.RecordsToRead = counts.RecordsRead;
        });

    private static async Task ReadAsync(
        string file,
        RecordTicks ticks,
        ReplayCounts counts,
        Action<string> refused,
        Func<FeedGap, CancellationToken, ValueTask>? gap,
        CancellationToken cancellationToken)
    {
        var recordsRead = 0L;
        AvroFile? avro = null;
        try
        {
            avro = await AvroFile.OpenAsync(file, cancellationToken);
            var schema = new CaptureSchema(avro.Schema);
            while (await avro.ReadBlockAsync(cancellationToken) is { } block)
            {
                var reader = new AvroReader(block.Bytes);
                for (var number = 0L; number < block.Values; number++)
                {
                    var record = schema.Read(reader);
                    recordsRead++;
                    counts.RecordsRead++;
                    var feed = record.HeaderText(HeaderNames.Feed);
                    if (ticks.Extract(record.Body, feed, partition: null, () => Location(file, record)) is { } gapRecord && gap is not null)
                    {
                        await gap(gapRecord, cancellationToken);
                    }
                }

                if (!reader.IsAtEnd)
                {
                    throw new CaptureFormatException("a block has bytes after its values");
                }
            }
        }
        catch (Exception fault) when (fault is CaptureFormatException or IOException or UnauthorizedAccessException)
        {
            counts.RefusedFiles++;
            var lostText = recordsRead == 0
                ? "All of it"
                : string.Create(CultureInfo.InvariantCulture, $"Everything after its first {recordsRead} records");
            refused(string.Create(
                CultureInfo.InvariantCulture,
                $"The file {file} cannot be read after byte {avro?.Position ?? 0}: {fault.Message.TrimEnd('.')}. {lostText} is skipped: "
                    + $"copy the file again, and repeat the replay."));
        }
        finally
        {
            avro?.Dispose();
        }
    }

    private static string Location(string file, CapturedRecord record) => string.Create(
        CultureInfo.InvariantCulture, $"with sequence number {record.SequenceNumber} (offset {record.Offset}) in {file}");

    private IEnumerable<string> Files()
    {
        using var files = CaptureFolder.Files(path).GetEnumerator();
        while (TryNext(files))
        {
            yield return files.Current;
        }
    }

    private bool TryNext(IEnumerator<string> files)
    {
        try
        {
            return files.MoveNext();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EventStreamException($"The files of Event Hubs Capture in {path} cannot be listed: {problem.Message}", problem);
        }
    }
}
