using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Tests;

public class CountedTests
{
    [Theory]
    [InlineData(0, "0 faults")]
    [InlineData(1, "1 fault")]
    [InlineData(2, "2 faults")]
    [InlineData(2_300, "2,300 faults")]
    public void Noun_agrees_with_the_count(long count, string text) => Counted.Of(count, "fault").ShouldBe(text);

    [Theory]
    [InlineData("1 records, 3 kB, wait", "1 record, 3 kB, wait")]
    [InlineData("1 records (3 kB) are waiting", "1 record (3 kB) is waiting")]
    [InlineData("2 records (3 kB) are waiting", "2 records (3 kB) are waiting")]
    [InlineData("1 symbols are left out; 2 symbols are not", "1 symbol is left out; 2 symbols are not")]
    [InlineData("0 of 1 symbols tick", "0 of 1 symbol ticks")]
    [InlineData("1 damaged records were skipped (1 ticks lost)", "1 damaged record was skipped (1 tick lost)")]
    [InlineData("1 batches in 1 processes", "1 batch in 1 process")]
    [InlineData("11 ticks, 2,001 ticks, 0.1 ticks and -1 ticks", "11 ticks, 2,001 ticks, 0.1 ticks and -1 ticks")]
    [InlineData("version 1 keeps 1 to 16 partitions", "version 1 keeps 1 to 16 partitions")]
    [InlineData("127.0.0.1 records nothing; ticks-1 times out", "127.0.0.1 records nothing; ticks-1 times out")]
    [InlineData("It is 1 or 3.", "It is 1 or 3.")]
    [InlineData("", "")]
    public void Plural_sentence_is_adapted_to_a_count_of_one(string sentence, string text) => Counted.Agree(sentence).ShouldBe(text);
}
