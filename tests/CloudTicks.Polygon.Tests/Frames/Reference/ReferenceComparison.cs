using System.Text;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Tests.Frames.Reference;

/// <summary>Compares the reader's results with the reference.</summary>
internal static class ReferenceComparison
{
    /// <summary>Reads a frame to its end. Each element must advance the position, so that no frame can block the reader.</summary>
    public static void Drain(FrameReader reader, byte[] frame)
    {
        reader.Open(frame, DecodedElement.ReceivedMs);
        Tick tick = default;
        var left = frame.Length;
        while (reader.Read(ref tick) != ElementKind.End)
        {
            left -= Math.Max(reader.Element.Length, 1);
            left.ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    /// <summary>
    /// Decodes the bytes of each element with the reference and compares the results; does the same for the whole frame if it is JSON.
    /// </summary>
    public static (List<DecodedElement> Elements, List<byte[]> Bytes) Compare(DecoderRun run, FrameReader reader, byte[] frame)
    {
        try
        {
            var (read, spans) = DecodedElement.AllWithBytes(reader, frame);
            for (var index = 0; index < read.Count; index++)
            {
                var expected = ReferenceDecoder.Read(run.Market, spans[index]);
                if (!IsSame(read[index], expected))
                {
                    Assert.Fail($"{read[index]}; the reference: {expected}");
                }
            }

            // If an element is not JSON, neither is the frame.
            if (read.TrueForAll(element => element.Rejection != TickRejection.NotJson)
                && ReferenceDecoder.ReadFrame(run.Market, frame) is { } whole)
            {
                read.Count.ShouldBe(whole.Count);
                read.Zip(whole, IsSame).ShouldAllBe(same => same);
            }

            return (read, spans);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(run.Where(Encoding.Latin1.GetString(frame)), exception);
        }
    }

    /// <summary>Whether an undamaged event was read; its values have already been checked.</summary>
    public static bool HasSibling(List<DecodedElement> read, List<byte[]> bytes, byte[] sibling)
    {
        var index = bytes.FindIndex(element => element.AsSpan().SequenceEqual(sibling));
        return index >= 0 && read[index].Kind != ElementKind.Rejected;
    }

    /// <summary>
    /// Whether two results are equal. The texts of rejected elements are not compared, because the reference returns none.
    /// </summary>
    public static bool IsSame(DecodedElement left, DecodedElement right) =>
        left.Kind == right.Kind && left.Rejection == right.Rejection && (left.Kind == ElementKind.Rejected || left.Text == right.Text);
}
