using CloudTicks.Cli.Decoding;

namespace CloudTicks.Cli.Tests.Decoding;

public class RecordStreamTests
{
    [Fact]
    public void Decode_of_input_in_pieces_of_one_byte_gives_the_same_lines()
    {
        var input = new KcatOutput().Add(Records.Golden).Add(Records.Quotes("EURUSD", 50)).ToArray();

        var decoded = Decoded.Of(new PieceStream(input, 1));

        decoded.ExitCode.ShouldBe(0);
        decoded.Lines.ShouldBe(Decoded.Of(input).Lines);
    }

    [Fact]
    public void TryRead_reads_records_across_the_end_of_the_buffer()
    {
        var random = new Random(7);
        var sizes = Enumerable.Range(0, 40).Select(_ => random.Next(200_000)).Prepend(RecordStream.MaxRecordBytes)
            .Append(RecordStream.MaxRecordBytes).Append(0);
        var values = sizes.Select(size =>
        {
            var value = new byte[size];
            random.NextBytes(value);
            return value;
        }).ToArray();
        var input = values.Aggregate(new KcatOutput(), (output, value) => output.Add(value)).ToArray();
        var records = new RecordStream(new PieceStream(input, 65_536));
        var taken = new List<byte[]>();

        do
        {
            while (records.TryRead(out var value))
            {
                taken.Add(value.ToArray());
            }
        }
        while (records.Fill());

        taken.Count.ShouldBe(values.Length);
        taken.Zip(values).ShouldAllBe(pair => Enumerable.SequenceEqual(pair.First, pair.Second));
        records.Position.ShouldBe(input.Length);
    }

    [Theory]
    [InlineData(RecordStream.MaxRecordBytes + 1)]
    [InlineData(int.MaxValue)]
    [InlineData(-2)]
    [InlineData(0x7b226b65)] // {"ke
    public void Decode_reports_the_byte_of_an_impossible_length(int length)
    {
        var good = Records.Quotes("EURUSD", 2);

        var decoded = Decoded.Of(new KcatOutput().Add(good).AddLength(length).ToArray());

        (decoded.ExitCode, decoded.Lines.Length).ShouldBe((1, 2));
        decoded.Errors.ShouldHaveSingleItem().ShouldContain($"byte {4 + good.Length} of the input");
        decoded.Errors[0].ShouldContain($"{length}");
        decoded.Errors[0].ShouldContain("-f '%R%s'");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(20)]
    public void Decode_reports_where_a_truncated_input_ends(int bytesOfLastRecord)
    {
        var good = Records.Quotes("EURUSD", 2);
        var whole = new KcatOutput().Add(good).Add(good).ToArray();
        var start = 4 + good.Length;

        var decoded = Decoded.Of(whole[..(start + bytesOfLastRecord)]);

        (decoded.ExitCode, decoded.Lines.Length).ShouldBe((1, 2));
        decoded.Errors.ShouldHaveSingleItem()
            .ShouldBe($"The input ends within a record, at byte {start + bytesOfLastRecord}; the record begins at byte {start}.");
    }

    /// <summary>Returns a few bytes per read, as a pipe does.</summary>
    private sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
