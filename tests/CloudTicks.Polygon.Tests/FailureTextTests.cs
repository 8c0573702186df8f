using System.Net.WebSockets;
using System.Security.Authentication;

namespace CloudTicks.Polygon.Tests;

public class FailureTextTests
{
    private const string InnerReference =
        "An exception caused the WebSocket to enter the Aborted state. Please see the InnerException, if present, for more details.";

    [Fact]
    public void Text_of_reference_to_inner_exception_names_the_cause() =>
        FailureText.Of(
            new WebSocketException(InnerReference, new IOException("Unable to read data.", new IOException("Connection reset by peer"))))
            .ShouldBe("Unable to read data. (Connection reset by peer)");

    [Fact]
    public void Text_of_reference_without_inner_exception_names_the_type() =>
        FailureText.Of(new WebSocketException(InnerReference)).ShouldBe("the connection broke for an unknown reason (WebSocketException)");

    [Fact]
    public void Text_of_refused_certificate_names_the_fault() =>
        FailureText.Of(new HttpRequestException(
            "The SSL connection could not be established, see inner exception.",
            new AuthenticationException("The certificate has expired.")))
            .ShouldBe("The certificate has expired.");

    [Fact]
    public void Text_of_repeated_message_contains_the_message_once() =>
        FailureText.Of(new HttpRequestException("Connection refused (127.0.0.1:1)", new IOException("Connection refused (127.0.0.1:1)")))
            .ShouldBe("Connection refused (127.0.0.1:1)");
}
