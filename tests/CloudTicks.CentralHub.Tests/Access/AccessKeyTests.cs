using CloudTicks.CentralHub.Access;

namespace CloudTicks.CentralHub.Tests.Access;

public class AccessKeyTests
{
    [Fact]
    public void Create_returns_unique_keys_with_256_random_bits()
    {
        var keys = Enumerable.Range(0, 1_000).Select(_ => AccessKey.Create()).ToList();

        keys.ShouldAllBe(key => AccessKey.IdOf(key.Key) == key.Id && AccessKey.IsId(key.Id) && key.Key.Length == 4 + 12 + 1 + 64);
        keys.Select(key => key.Key[17..]).Distinct().Count().ShouldBe(1_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ctk_")]
    [InlineData("ctk_0123456789ab")]
    [InlineData("ctk_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde")]
    [InlineData("ctk_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeF")]
    [InlineData("ctk_0123456789ab-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("ctk_0123456789'b_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("xtk_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void IdOf_text_that_is_not_a_key_is_null(string text) => AccessKey.IdOf(text).ShouldBeNull();
}
