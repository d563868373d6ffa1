using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.WeChat;

public sealed class CoordinatesTests
{
    [Theory]
    [InlineData("<xml><Latitude>31.2</Latitude><Longitude><![CDATA[121.4]]></Longitude ><Precision a=\"1\">40</Precision><X>1</X></xml>", "<xml><Latitude></Latitude><Longitude></Longitude><Precision></Precision><X>1</X></xml>")]
    [InlineData("{\"Latitude\":31.2,\"Longitude\":\"121.4\",\"X\":1}", "{\"Latitude\":\"\",\"Longitude\":\"\",\"X\":1}")]
    public void They_are_taken_out(string payload, string left) => Assert.Equal(left, Coordinates.RemovedFrom(payload));

    [Theory]
    [InlineData("<xml><Latitude>31.2</Latitude>&nbsp;</xml>", "31.2")]
    [InlineData("<xml><Latitude>31.2", "31.2")]
    [InlineData("<xml><Longitude a=\"b\"> <![CDATA[121.4]]", "121.4")]
    [InlineData("{\"Latitude\": 31.2,, \"X\":1}", "31.2")]
    [InlineData("{\"Longitude\" : \"121.4", "121.4")]
    public void They_are_taken_out_of_what_cannot_be_parsed(string payload, string coordinate)
    {
        var left = Coordinates.RemovedFromUnreadable(payload);
        Assert.DoesNotContain(coordinate, left, StringComparison.Ordinal);
        Assert.Equal(payload.Contains("\"X\":1", StringComparison.Ordinal), left.Contains("\"X\":1", StringComparison.Ordinal));
    }

    [Fact] // a pattern that goes back took over 6 s for this, on the way of the acknowledgement
    public void What_is_opened_and_never_closed_costs_no_more_than_its_length()
    {
        var payload = "<xml><Event>LOCATION</Event><Zz><![CDATA[" + string.Concat(Enumerable.Repeat("<Latitude>", 5500)) + string.Concat(Enumerable.Repeat("</", 35000)) + "]]></Zz></xml>";
        Assert.Equal(payload, Coordinates.RemovedFrom(payload));
        Assert.True(Patience.BestOfThree(() => Coordinates.RemovedFrom(payload)) < TimeSpan.FromSeconds(2));
        Assert.True(Patience.BestOfThree(() => Coordinates.RemovedFromUnreadable(payload)) < TimeSpan.FromSeconds(2));
    }
}
