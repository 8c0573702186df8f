using CloudTicks.Collection.DbServer;

namespace CloudTicks.Collection.Tests.DbServer;

public class DbServerAddressTests
{
    [Theory]
    [InlineData("db:9100", "http://db:9100/db_command")]
    [InlineData("[::1]:80", "http://[::1]/db_command")]
    [InlineData("https://db:9100", "https://db:9100/db_command")]
    [InlineData("https://[::1]:443", "https://[::1]/db_command")]
    [InlineData("https://db", null)]
    [InlineData("db", null)]
    [InlineData("db:0", null)]
    [InlineData("db:70000", null)]
    [InlineData(":9100", null)]
    [InlineData("http://db:9100", null)]
    [InlineData("::1:9100", null)]
    [InlineData("a b:9100", null)]
    public void Parse_accepts_only_host_and_port_with_optional_https(string text, string? url)
    {
        if (url is not null)
        {
            DbServerAddress.Parse(text).ToString().ShouldBe(url);
        }
        else
        {
            Should.Throw<CollectorException>(() => DbServerAddress.Parse(text)).Message.ShouldContain("host:port");
        }
    }
}
