using CloudTicks.Ticks.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Ticks.Tests.Identity;

public class TickKeySetTests
{
    [Fact]
    public void Set_behaves_like_HashSet()
    {
        // The few distinct times and hashes make keys collide in time or hash. A time of zero with a hash below three clears the set.
        var operations = Gen.Choose(0, 60).SelectMany(time => Gen.Choose(0, 60).Select(hash => (time, hash))).ListOf(3000);
        Check.QuickThrowOnFailure(Prop.ForAll(operations.ToArbitrary(), keys =>
        {
            var (set, expected) = (new TickKeySet(16), new HashSet<TickKey>());
            foreach (var (time, hash) in keys)
            {
                if (time == 0 && hash < 3)
                {
                    set.Clear();
                    expected.Clear();
                    continue;
                }

                var key = new TickKey(time + 1, (ulong)hash << 58);
                if (set.Contains(key) != expected.Contains(key) || set.Add(key) != expected.Add(key) || set.Count != expected.Count)
                {
                    return false;
                }
            }

            return expected.All(set.Contains);
        }));
    }

    [Fact]
    public void RecentTicks_keeps_the_latest_and_drops_the_oldest()
    {
        var recent = new RecentTicks(1024);
        var keys = Enumerable.Range(1, 5000).Select(number => new TickKey(number, (ulong)number * 0x9E37_79B9)).ToArray();

        recent.Add(keys);

        keys[^1024..].ShouldAllBe(key => recent.Contains(key));
        keys[..1024].ShouldAllBe(key => !recent.Contains(key));
    }
}
