using System.Diagnostics;
using System.Globalization;
using System.Text;
using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Tests.Frames.Reference;

namespace CloudTicks.Polygon.Tests.Frames;

/// <summary>Compares the reader with System.Text.Json on random frames.</summary>
public class FrameReaderReferenceTests
{
    private const int MaxAllocatedBytes = 1 << 20;

    [Fact]
    public void Read_any_form_of_json_equals_reference()
    {
        var run = DecoderRun.Start(nameof(Read_any_form_of_json_equals_reference), 10_000);
        var odd = new OddJson(run.Random);
        var (ticks, refused) = (0, 0);
        while (run.Next())
        {
            var elements = new List<(string Text, bool IsJson)>();
            for (var count = run.Random.Next(1, 4); count > 0; count--)
            {
                var fields = EventFields.Of(run.Market, run.Random);
                elements.Add(run.Random.Next(3) == 0 ? (EventFields.ToJson(fields), true) : (odd.Write(fields, out var isJson), isJson));
            }

            var joinedElements = string.Join($"{odd.Blank()},{odd.Blank()}", elements.Select(element => element.Text));
            var frame = $"{odd.Blank()}[{odd.Blank()}{joinedElements}{odd.Blank()}]";
            var bytes = Encoding.UTF8.GetBytes(frame);

            var read = ReferenceComparison.Compare(run, run.Reader, bytes).Elements;

            foreach (var (text, _) in elements.Where(element => element.IsJson))
            {
                var expected = ReferenceDecoder.Read(run.Market, Encoding.UTF8.GetBytes(text));
                read.Exists(element => ReferenceComparison.IsSame(element, expected)).ShouldBeTrue(run.Where(frame));
            }

            ticks += read.Count(element => element.Kind == ElementKind.Tick);
            refused += read.Count(element => element.Kind == ElementKind.Rejected);
        }

        DecoderRun.Print(string.Create(CultureInfo.InvariantCulture, $"{ticks} ticks and {refused} refusals, identical in both decoders"));
        ticks.ShouldBeGreaterThan(run.Frames / 4);
        refused.ShouldBeGreaterThan(run.Frames / 20);
    }

    [Fact]
    public void Read_mutated_frame_keeps_undamaged_elements()
    {
        var run = DecoderRun.Start(nameof(Read_mutated_frame_keeps_undamaged_elements), 20_000);
        var started = Stopwatch.GetTimestamp();
        var (ticks, refused, siblings, bytes, maxAllocated) = (0L, 0L, 0L, 0L, 0L);
        while (run.Next())
        {
            var mutated = MutatedFrame.Make(run.Market, run.Random);
            var reader = run.Reader;
            var before = GC.GetAllocatedBytesForCurrentThread();
            ReferenceComparison.Drain(reader, mutated.Bytes);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var (read, spans) = ReferenceComparison.Compare(run, reader, mutated.Bytes);

            if (allocated > MaxAllocatedBytes || !mutated.Siblings.All(sibling => ReferenceComparison.HasSibling(read, spans, sibling)))
            {
                var frame = Encoding.Latin1.GetString(mutated.Bytes);
                Assert.Fail(run.Where($"{allocated} bytes allocated, read {string.Join('\n', read)} of {frame}"));
            }

            siblings += mutated.Siblings.Count;
            ticks += read.Count(element => element.Kind == ElementKind.Tick);
            refused += read.Count(element => element.Kind == ElementKind.Rejected);
            (bytes, maxAllocated) = (bytes + mutated.Bytes.Length, Math.Max(maxAllocated, allocated));
        }

        DecoderRun.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Frames} frames of {bytes / run.Frames} B in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s: "
            + $"{ticks} ticks and {refused} refusals, identical in both decoders; {siblings} undamaged siblings kept; "
            + $"at most {maxAllocated} B allocated for a frame"));
        ticks.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }
}
