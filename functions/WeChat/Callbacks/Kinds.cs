namespace CrmServerless.WeChat.Callbacks;

/// <summary>The normalised names of what WeChat sends: <c>channel.family[.detail]</c>. They are stored; never rename one.</summary>
public static class Kinds
{
    /// <summary>A text.</summary>
    public const string Text = "oa.message.text";

    /// <summary>A picture.</summary>
    public const string Image = "oa.message.image";

    /// <summary>A voice recording.</summary>
    public const string Voice = "oa.message.voice";

    /// <summary>A video.</summary>
    public const string Video = "oa.message.video";

    /// <summary>A short video.</summary>
    public const string ShortVideo = "oa.message.shortvideo";

    /// <summary>A place that the customer sent on purpose.</summary>
    public const string Location = "oa.message.location";

    /// <summary>A shared link.</summary>
    public const string Link = "oa.message.link";

    /// <summary>A message of a type that this version does not know.</summary>
    public const string UnknownMessage = "oa.message.unknown";

    /// <summary>A follow, by a QR code or otherwise.</summary>
    public const string Subscribe = "oa.subscribe";

    /// <summary>An unfollow.</summary>
    public const string Unsubscribe = "oa.unsubscribe";

    /// <summary>A QR scan by someone who already follows.</summary>
    public const string Scan = "oa.scan";

    /// <summary>The position that the client reports by itself.</summary>
    public const string LocationReport = "oa.location_report";

    /// <summary>A click on a menu button with a key.</summary>
    public const string MenuClick = "oa.menu.click";

    /// <summary>A click on a menu button with a link.</summary>
    public const string MenuView = "oa.menu.view";

    /// <summary>A click on a menu button that opens a mini program.</summary>
    public const string MenuMiniProgram = "oa.menu.view_miniprogram";

    /// <summary>A code scanned through a menu button; the client shows what it says.</summary>
    public const string MenuScanPush = "oa.menu.scancode_push";

    /// <summary>A code scanned through a menu button; the client waits for an answer.</summary>
    public const string MenuScanWait = "oa.menu.scancode_waitmsg";

    /// <summary>A photo taken through a menu button.</summary>
    public const string MenuPhoto = "oa.menu.pic_sysphoto";

    /// <summary>A photo taken or pictures chosen through a menu button.</summary>
    public const string MenuPhotoOrAlbum = "oa.menu.pic_photo_or_album";

    /// <summary>Pictures chosen through a menu button.</summary>
    public const string MenuAlbum = "oa.menu.pic_weixin";

    /// <summary>A place chosen through a menu button.</summary>
    public const string MenuLocation = "oa.menu.location_select";

    /// <summary>How a template message to a customer ended.</summary>
    public const string TemplateResult = "oa.template_result";

    /// <summary>How a mass send ended.</summary>
    public const string MassResult = "oa.mass_result";

    /// <summary>How a publication of articles ended.</summary>
    public const string PublishResult = "oa.publish_result";

    /// <summary>An agent took a customer over.</summary>
    public const string ServiceStarted = "oa.kf.create";

    /// <summary>The session with an agent is over.</summary>
    public const string ServiceEnded = "oa.kf.close";

    /// <summary>One agent handed a customer to another.</summary>
    public const string ServiceSwitched = "oa.kf.switch";

    /// <summary>A customer got a card.</summary>
    public const string CardGot = "oa.card.get";

    /// <summary>A customer gave a card to a friend.</summary>
    public const string CardGiven = "oa.card.gift";

    /// <summary>A customer deleted a card.</summary>
    public const string CardDeleted = "oa.card.del";

    /// <summary>A card was used up.</summary>
    public const string CardUsed = "oa.card.consume";

    /// <summary>A customer paid with a card.</summary>
    public const string CardPaid = "oa.card.pay";

    /// <summary>A customer looked at a membership card.</summary>
    public const string CardViewed = "oa.card.view";

    /// <summary>A customer came from a card into the conversation.</summary>
    public const string CardEntered = "oa.card.enter_session";

    /// <summary>A customer activated a membership card.</summary>
    public const string CardActivated = "oa.card.submit_member";

    /// <summary>The points or the balance of a membership card changed.</summary>
    public const string CardUpdated = "oa.card.update_member";

    /// <summary>The platform approved a card.</summary>
    public const string CardApproved = "oa.card.pass_check";

    /// <summary>The platform refused a card.</summary>
    public const string CardRefused = "oa.card.not_pass_check";

    /// <summary>A card's stock is running out.</summary>
    public const string CardStockLow = "oa.card.sku_remind";

    /// <summary>A customer was asked for consent to subscribe messages.</summary>
    public const string SubscribeMessagePopup = "oa.submsg.popup";

    /// <summary>A customer changed that consent in the settings.</summary>
    public const string SubscribeMessageChange = "oa.submsg.change";

    /// <summary>How subscribe messages to a customer ended.</summary>
    public const string SubscribeMessageSent = "oa.submsg.sent";

    /// <summary>The account's qualification was verified.</summary>
    public const string QualificationVerified = "oa.verify.qualification_success";

    /// <summary>The account's qualification was refused.</summary>
    public const string QualificationRefused = "oa.verify.qualification_fail";

    /// <summary>The account's name was verified.</summary>
    public const string NameVerified = "oa.verify.naming_success";

    /// <summary>The account's name was refused.</summary>
    public const string NameRefused = "oa.verify.naming_fail";

    /// <summary>The account's yearly verification is due.</summary>
    public const string RenewalDue = "oa.verify.annual_renew";

    /// <summary>The account's verification expired.</summary>
    public const string VerificationExpired = "oa.verify.expired";

    /// <summary>The platform cleaned a customer's name or picture.</summary>
    public const string UserDataModified = "oa.user.info_modified";

    /// <summary>A customer revoked the consent to use some data.</summary>
    public const string UserDataRevoked = "oa.user.authorization_revoke";

    /// <summary>A customer closed the WeChat account.</summary>
    public const string UserCancelled = "oa.user.authorization_cancellation";

    /// <summary>An event of a type that this version does not know.</summary>
    public const string UnknownEvent = "oa.event.unknown";
}
