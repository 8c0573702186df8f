using CloudTicks.Collection.Gaps;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.TestServices.PowerLoss;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Tests.Gaps;

public sealed class GapLedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _time = new();

    private string Journal => Path.Combine(_folder.Path, "gaps.journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Saved_states_survive_a_kill()
    {
        var ledger = GapLedger.Open(_folder.Path, _time);
        var first = ledger.Put(Gap(1_000, 2_000));
        var second = ledger.Put(Gap(5_000, null));
        ledger.Save();
        var filled = ledger.Change(first.Id, gap => gap with { State = GapState.Filled, Recovered = 7 }).ShouldNotBeNull();
        ledger.Save();
        ledger.Put(Gap(9_000, null));
        // Simulates a killed process: the file contains only what was saved.
        File.Copy(Journal, Journal + ".killed");
        ledger.Dispose();
        File.Move(Journal + ".killed", Journal, overwrite: true);

        using var reopened = GapLedger.Open(_folder.Path, _time);

        reopened.All().ShouldBe([filled, second], ignoreOrder: true);
        reopened.UnfilledOf(new FeedChannel(first.Symbol, first.Kind)).ShouldBe([second]);
        filled.ChangedMs.ShouldBeGreaterThan(first.ChangedMs);
    }

    [Fact]
    public void File_cut_at_any_byte_keeps_entries_before()
    {
        var (gaps, ends) = WriteGaps(3);
        var whole = File.ReadAllBytes(Journal);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Journal, whole[..length]);
            var wholeEntryCount = ends.FindLastIndex(end => end <= length);
            using (var ledger = GapLedger.Open(_folder.Path, _time, new UnflushedDisk()))
            {
                ledger.All().ShouldBe(gaps.Take(wholeEntryCount), ignoreOrder: true);
                ledger.UnfinishedBytes.ShouldBe(length - ends[wholeEntryCount]);
                ledger.Damage.ShouldBeNull("a kill is not damage");
                ledger.Put(Gap(777_000, 778_000));
                ledger.Save();
            }

            using var reopened = GapLedger.Open(_folder.Path, _time, new UnflushedDisk());
            (reopened.All().Count, reopened.UnfinishedBytes).ShouldBe((wholeEntryCount + 1, 0));
        }
    }

    [Fact]
    public void Flipped_byte_loses_only_its_entry_and_damaged_bytes_are_kept()
    {
        var (gaps, ends) = WriteGaps(5);
        var whole = File.ReadAllBytes(Journal);
        for (var at = 0; at < whole.Length; at += 9)
        {
            var flipped = whole.ToArray();
            flipped[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(Journal, flipped);
            var own = ends.FindLastIndex(end => end <= at);
            var damagedEntry = flipped[(int)ends[own]..(int)ends[own + 1]];
            using (var ledger = GapLedger.Open(_folder.Path, _time, new UnflushedDisk()))
            {
                ledger.All()
                    .ShouldBe(at - ends[own] < sizeof(int) ? gaps : gaps.Where(gap => gap != gaps[own]), ignoreOrder: true, $"byte {at}");
                var damage = ledger.Damage.ShouldNotBeNull($"byte {at}");
                (damage.Places, damage.Bytes, damage.Entries).ShouldBe((1, damagedEntry.Length, ledger.All().Count), $"byte {at}");
                File.ReadAllBytes(damage.SavedIn).ShouldBe(damagedEntry);
                File.Delete(damage.SavedIn);
                ledger.Put(Gap(777_000, 778_000));
                ledger.Save();
            }

            using var reopened = GapLedger.Open(_folder.Path, _time, new UnflushedDisk());
            (reopened.All().Count, reopened.Damage).ShouldBe((at - ends[own] < sizeof(int) ? 6 : 5, null), $"byte {at}");
        }
    }

    [Fact]
    public void Damage_in_several_places_keeps_entries_between()
    {
        var (gaps, ends) = WriteGaps(6);
        var bytes = File.ReadAllBytes(Journal);
        bytes.AsSpan((int)ends[1] + 20, 3).Clear();
        bytes.AsSpan((int)ends[3] - 5, 10).Clear();
        File.WriteAllBytes(Journal, bytes);

        using var ledger = GapLedger.Open(_folder.Path, _time, new UnflushedDisk());

        ledger.All().ShouldBe([gaps[0], gaps[4], gaps[5]], ignoreOrder: true);
        ledger.Damage.ShouldNotBeNull().Bytes.ShouldBe(ends[4] - ends[1]);
    }

    [Fact]
    public void Published_state_is_not_published_again_by_next_run()
    {
        FeedGap published, changed;
        using (var ledger = GapLedger.Open(_folder.Path, _time))
        {
            (published, changed) = (ledger.Put(Gap(1_000, 2_000)), ledger.Put(Gap(500_000, 600_000)));
            ledger.Unpublished(10).ShouldBe([published, changed], ignoreOrder: true);
            ledger.MarkPublished(published);
            ledger.MarkPublished(changed);
            changed = ledger.Change(changed.Id, gap => gap with { State = GapState.Filling }).ShouldNotBeNull();
            ledger.Save();
        }

        using var reopened = GapLedger.Open(_folder.Path, _time);
        reopened.Unpublished(10).ShouldBe([changed]);
    }

    [Fact]
    public void PublishAgain_marks_state_unpublished_for_next_run()
    {
        FeedGap lost;
        using (var ledger = GapLedger.Open(_folder.Path, _time))
        {
            (lost, var kept) = (ledger.Put(Gap(1_000, 2_000)), ledger.Put(Gap(500_000, 600_000)));
            ledger.MarkPublished(lost);
            ledger.MarkPublished(kept);

            ledger.PublishAgain(gap => gap.Id == lost.Id).ShouldBe(1);
            ledger.Unpublished(10).ShouldBe([lost]);
            ledger.Save();
        }

        using var reopened = GapLedger.Open(_folder.Path, _time);
        reopened.Unpublished(10).ShouldBe([lost]);
        reopened.MarkPublished(lost);
        reopened.Unpublished(10).ShouldBeEmpty();
    }

    [Fact]
    public void Long_file_is_rewritten_without_old_filled_gaps()
    {
        using var ledger = GapLedger.Open(_folder.Path, _time);
        var old = ledger.Put(Gap(1_000, 2_000));
        old = ledger.Change(old.Id, gap => gap with { State = GapState.Filled }).ShouldNotBeNull();
        ledger.MarkPublished(old);
        var oldUnpublished = ledger.AddSeparate(Gap(3_000, 4_000) with { State = GapState.Filled });
        _time.Advance(TimeSpan.FromHours(25));
        var open = Enumerable.Range(0, 300).Select(number => ledger.AddSeparate(Gap(number, number) with { Detail = new string('x', 900) }))
            .ToArray();
        var longest = 0L;
        for (var change = 0; change < 40; change++)
        {
            open = Array.ConvertAll(
                open, gap => ledger.Change(gap.Id, known => known with { Recovered = known.Recovered + 1 }).ShouldNotBeNull());
            ledger.Save();
            longest = Math.Max(longest, new FileInfo(Journal).Length);
        }

        longest.ShouldBeLessThan(5 << 20);
        ledger.Dispose();
        using var reopened = GapLedger.Open(_folder.Path, _time);
        reopened.All().ShouldBe([.. open, oldUnpublished], ignoreOrder: true);
    }

    [Fact]
    public void Channel_with_too_many_gaps_merges_into_newest()
    {
        using var ledger = GapLedger.Open(_folder.Path, _time);
        for (var number = 0; number < GapLedger.MaxUnfilledPerChannel + 50; number++)
        {
            ledger.Put(Gap(number * 100_000L, (number * 100_000L) + 10));
        }

        ledger.All().Count.ShouldBe(GapLedger.MaxUnfilledPerChannel);
        for (var number = 0; number < GapLedger.MaxUnfilledPerChannel + 50; number++)
        {
            ledger.All().ShouldContain(gap => gap.FromMs <= number * 100_000L && gap.ToMs >= (number * 100_000L) + 10);
        }
    }

    [Fact]
    public void Clock_set_back_keeps_states_in_order()
    {
        using var ledger = GapLedger.Open(_folder.Path, _time);
        var open = ledger.Put(Gap(1_000, 2_000));
        _time.Shift(TimeSpan.FromHours(-1));

        var filling = ledger.Change(open.Id, gap => gap with { State = GapState.Filling }).ShouldNotBeNull();

        filling.ChangedMs.ShouldBeGreaterThan(open.ChangedMs);
    }

    /// <summary>Writes a journal of gaps.</summary>
    private (List<FeedGap> Gaps, List<long> Ends) WriteGaps(int count)
    {
        var gaps = new List<FeedGap>();
        var ends = new List<long> { 0 };
        using var ledger = GapLedger.Open(_folder.Path, _time, new UnflushedDisk());
        for (var number = 0; number < count; number++)
        {
            gaps.Add(ledger.Put(Gap(number * 100_000, (number * 100_000) + 1)));
            ledger.Save();
            ends.Add(new FileInfo(Journal).Length);
        }

        return (gaps, ends);
    }

    private static FeedGap Gap(long fromMs, long? toMs) => new(
        Guid.CreateVersion7(), Symbol.TryParse("EURUSD", out var symbol) ? symbol : throw new InvalidOperationException(), TickKind.Quote,
        fromMs, toMs,
        "disconnected", "a test", GapState.Open, 0, null, 0);
}
