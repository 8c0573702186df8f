using System.Text;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Polygon.Tests.Frames;

public class FrameReaderAllocationTests
{
    [Fact]
    public void Read_into_batches_allocates_nothing_per_tick()
    {
        var frame = Encoding.UTF8.GetBytes(
            """[{"ev":"T","sym":"ABC","x":4,"i":"52983525029461","z":3,"p":114.125,"s":100,"ds":"0.5","c":[0,12],"t":1700000000123,"q":3681328},{"ev":"Q","sym":"BRK.A","bx":4,"bp":114.12,"bs":100,"ax":7,"ap":114.13,"as":160,"c":0,"i":[604],"t":1700000000123,"q":50385480,"z":3},{"ev":"A","sym":"ABC","v":1},{"ev":"Q","sym":"ABC","bp":NaN}]""");
        var reader = new FrameReader(Market.Stock, new SymbolDictionary());
        var batch = new TickBatchBuilder(0, TickSource.Live);
        Decode(reader, frame, batch, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var ticks = Decode(reader, frame, batch, 1_000);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        ticks.ShouldBe(2_000);
    }

    private static int Decode(FrameReader reader, byte[] frame, TickBatchBuilder batch, int times)
    {
        var ticks = 0;
        Tick tick = default;
        for (var round = 0; round < times; round++)
        {
            reader.Open(frame, round);
            for (var kind = reader.Read(ref tick); kind != ElementKind.End; kind = reader.Read(ref tick))
            {
                if (kind == ElementKind.Tick)
                {
                    batch.Add(tick);
                    ticks++;
                }
            }

            if (!batch.HasRoom || round % 50 == 0)
            {
                batch.Clear();
            }
        }

        return ticks;
    }
}
