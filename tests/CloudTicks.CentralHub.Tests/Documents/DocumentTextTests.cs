using System.Text;
using CloudTicks.CentralHub.Documents;

namespace CloudTicks.CentralHub.Tests.Documents;

public class DocumentTextTests
{
    [Theory]
    [InlineData("[]", "not a JSON object")]
    [InlineData("7", "not a JSON object")]
    [InlineData("null", "not a JSON object")]
    [InlineData("", "not valid JSON")]
    [InlineData("""{"a":1,}""", "line 1, byte 8")]
    [InlineData("""{"a":1,"a":2}""", "a duplicate name")]
    [InlineData("""{"a":"\ud800"}""", "surrogate")]
    [InlineData("""{"a\udc00":1}""", "surrogate")]
    [InlineData("""{"a":NaN}""", "not valid JSON")]
    public void TryRead_invalid_document_names_the_fault(string text, string part)
    {
        DocumentText.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault).ShouldBeFalse();

        fault!.Detail.ShouldContain(part);
    }

    [Fact]
    public void TryRead_above_the_limits_is_refused()
    {
        Refusal($$"""{"a":{{new string('[', 32)}}{{new string(']', 32)}}}""").ShouldContain("32 levels of nested objects and arrays");
        Refusal(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))).ShouldContain("262.1 kB");
        Refusal($$"""{"a":"{{new string('x', 4_097)}}"}""").ShouldContain("4,096");
        Refusal($$"""{"a":"{{new string('x', 300_000)}}"}""").ShouldContain("262.1 kB");
        Refusal("{\"a\":\"\xFF\"}", Encoding.Latin1).ShouldContain("not valid");
    }

    private static string Refusal(string text, Encoding? encoding = null)
    {
        DocumentText.TryRead((encoding ?? Encoding.UTF8).GetBytes(text), out _, out var fault).ShouldBeFalse();
        return fault!.Detail;
    }
}
