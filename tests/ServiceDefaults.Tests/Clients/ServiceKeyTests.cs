using ServiceDefaults.Clients;

namespace ServiceDefaults.Tests.Clients;

public sealed class ServiceKeyTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7000", true)]
    [InlineData("http://localhost:7000", true)]
    [InlineData("http://[::1]:7000", true)]
    [InlineData("https://hub.example", true)]
    [InlineData("http://hub.example", false)]
    [InlineData("http://10.0.0.5:7000", false)]
    [InlineData("http://127.0.0.1.example:7000", false)]
    public void Key_is_sent_only_over_TLS_or_within_this_machine(string server, bool isAllowed)
    {
        var address = new Uri(server);

        ServiceKey.MayBeSentTo(address).ShouldBe(isAllowed);
        if (isAllowed)
        {
            ServiceClients.Create(address, "The server", "ctk_canary").DefaultRequestHeaders.GetValues(ServiceKey.Header)
                .ShouldBe(["ctk_canary"]);
        }
        else
        {
            Should.Throw<FormatException>(() => ServiceClients.Create(address, "The server", "ctk_canary")).Message.ShouldBe(
                $"The server is {server}, to which keys would be sent unencrypted: "
                    + $"write https://{address.Authority}, or use a server on this machine.");
        }
    }

    [Fact]
    public void Client_without_a_key_may_use_any_server() =>
        ServiceClients.Create(new Uri("http://hub.example"), "The server", key: null).DefaultRequestHeaders.ShouldBeEmpty();

    [Fact]
    public void Text_that_cannot_be_a_key_is_refused_and_not_repeated() =>
        Should.Throw<FormatException>(() => ServiceClients.Create(new Uri("http://127.0.0.1"), "The server", "a\nb")).Message
            .ShouldBe("The value of CLOUDTICKS_HUB_KEY is not a key.");
}
