using Azure;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

public sealed class HistoryFailureTests
{
    private static readonly Exception _folder = new HistoryFolderException(Reason.Full, isOfSingleItem: false, "");
    private static readonly Exception _file = new HistoryFolderException(Reason.Protocol, isOfSingleItem: true, "");

    [Fact]
    public void What_a_storage_throws_is_a_failure_and_what_a_bug_throws_is_none()
    {
        Assert.All([_folder, _file, Refusal(503, "ServerBusy"), new IOException()], failure => Assert.True(HistoryFailure.Covers(failure)));
        Assert.False(HistoryFailure.Covers(new InvalidOperationException()));
        Assert.Equal((Reason.Full, Reason.Busy), (HistoryFailure.ReasonFor(_folder), HistoryFailure.ReasonFor(Refusal(503, "ServerBusy"))));
    }

    [Theory]
    [InlineData(409, "BlobArchived", true)]
    [InlineData(412, "LeaseIdMissing", true)]
    [InlineData(404, "BlobNotFound", false)]
    [InlineData(409, "ContainerBeingDeleted", false)]
    [InlineData(409, "ContainerDisabled", false)]
    [InlineData(409, "AccountBeingCreated", false)]
    public void A_refusal_is_of_a_single_item_unless_it_is_of_the_container_or_account(int status, string code, bool isOfSingleItem) =>
        Assert.Equal(isOfSingleItem, HistoryFailure.IsOfSingleItem(Refusal(status, code)));

    [Fact]
    public void A_folder_says_whether_its_failure_is_of_a_single_item()
    {
        Assert.True(HistoryFailure.IsOfSingleItem(_file));
        Assert.False(HistoryFailure.IsOfSingleItem(_folder));
    }

    [Fact]
    public void Only_403_is_a_refusal_to_read()
    {
        Assert.True(HistoryFailure.IsRefusal(Refusal(403, "AuthorizationFailure")));
        Assert.All([Refusal(409, "BlobArchived"), _folder], failure => Assert.False(HistoryFailure.IsRefusal(failure)));
    }

    private static RequestFailedException Refusal(int status, string code) => new(status, code, code, innerException: null);
}
